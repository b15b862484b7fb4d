import type { Random } from "./random.ts";

/** Numbers that lengths and counts are likely to be mistaken at. */
const edges = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const edgeBytes = [0, 1, 0x7f, 0x80, 0xfe, 0xff, 10, 13, 34, 44, 45, 46, 47, 48, 57, 91, 92, 93, 123, 125];

/** Pieces that parsers of text trip over. */
const pieces = [
  ...['"', "\\", "{", "}", "[", "]", ":", ",", "\n", "\r\n", "\0", "'", ";", "\t", "=", "..", "/", "|", "-", "+"],
  ...["null", "true", "1e999", "-0", "NaN", "Infinity", "0x10", "1e-400", "99999999999999999999", "-1", "0.5"],
  ...["__proto__", "constructor", "prototype", "toString", "__metadata__", "length", "hasOwnProperty", "\\u0000"],
  ...[
    "\x1b[2J",
    "\ufeff",
    "\u202e",
    "\ud800",
    "漢",
    "{}",
    "[]",
    '""',
    '{"a":',
    "[[[[[[[[",
    "False",
    "True",
    "<f4",
    "|O8",
  ],
];

type Mutator = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const spliced = (bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array => {
  const out = new Uint8Array(bytes.length - removed + added.length);
  out.set(bytes.subarray(0, at));
  out.set(added, at);
  out.set(bytes.subarray(at + removed), at + added.length);
  return out;
};

/** Half of all places lie in the first 64 bytes or the last: headers and directories are there. */
function place(bytes: Uint8Array, random: Random): number {
  const head = Math.min(64, bytes.length);
  const kind = random.whole(4);
  if (kind === 0) return random.whole(head);
  return kind === 1 ? bytes.length - 1 - random.whole(head) : random.whole(bytes.length);
}

const mutators: readonly Mutator[] = [
  function bit(bytes, random) {
    const at = place(bytes, random);
    return bytes.with(at, bytes[at]! ^ (1 << random.whole(8)));
  },
  (bytes, random) => bytes.with(place(bytes, random), random.of(edgeBytes)),
  (bytes, random) => bytes.with(place(bytes, random), random.whole(256)),
  (bytes, random) => bytes.slice(0, random.whole(bytes.length)),
  function lengthField(bytes, random) {
    const width = random.of([2, 4, 8]);
    if (bytes.length < width) return bytes;
    const at = Math.min(place(bytes, random), bytes.length - width);
    const out = bytes.slice();
    const view = new DataView(out.buffer);
    const [little, value] = [random.whole(2) === 0, random.of(edges)];
    if (width === 2) view.setUint16(at, value & 0xffff, little);
    else if (width === 4) view.setUint32(at, value >>> 0, little);
    else view.setBigUint64(at, BigInt(value) << BigInt(random.of([0, 0, 31, 32])), little);
    return out;
  },
  function varint(bytes, random) {
    const long = new Uint8Array(1 + random.whole(12)).fill(0xff);
    long[long.length - 1] = random.whole(128);
    return spliced(bytes, place(bytes, random), random.whole(2), long);
  },
  function piece(bytes, random) {
    const at = place(bytes, random);
    const added = new TextEncoder().encode(random.of(pieces));
    return spliced(bytes, at, Math.min(random.of([0, 0, 1, added.length]), bytes.length - at), added);
  },
  function number(bytes, random) {
    const runs = [...new TextDecoder("latin1").decode(bytes).matchAll(/\d+/g)];
    if (runs.length === 0) return bytes;
    const run = random.of(runs);
    const value = random.of([...edges.map(String), "-1", "1e9", "0.1", String(2 ** 53), ""]);
    return spliced(bytes, run.index, run[0].length, new TextEncoder().encode(value));
  },
  function removal(bytes, random) {
    const at = place(bytes, random);
    return spliced(bytes, at, Math.min(1 + random.whole(32), bytes.length - at), new Uint8Array(0));
  },
  function repetition(bytes, random) {
    const at = place(bytes, random);
    const part = bytes.slice(at, at + 1 + random.whole(64));
    const times = random.of([1, 2, 50]);
    const added = new Uint8Array(part.length * times);
    for (let i = 0; i < times; i++) added.set(part, i * part.length);
    return spliced(bytes, at, 0, added);
  },
  function splice(bytes, random, others) {
    const other = random.of(others);
    const from = random.whole(other.length);
    const part = other.slice(from, from + 1 + random.whole(128));
    return spliced(bytes, place(bytes, random), 0, part);
  },
  function exchange(bytes, random, others) {
    const other = random.of(others);
    const cut = random.whole(Math.min(bytes.length, other.length));
    return spliced(bytes, cut, bytes.length - cut, other.slice(cut));
  },
];

/** The most that an input may grow to: files below a mebibyte have the bound on memory. */
const mostBytes = 2 ** 20 - 1;

/** One of the seeds with one to six changes. */
export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = random.of(seeds);
  for (let left = 1 + random.whole(random.of([1, 2, 6])); left > 0 && bytes.length > 0; left--)
    bytes = random.of(mutators)(bytes, random, seeds);
  return bytes.slice(0, mostBytes);
}
