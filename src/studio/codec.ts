/**
 * Messages as bytes: JSON in front, the numbers of typed arrays behind it as they are. A page and a server speak so; between a page and its
 * worker messages need no bytes.
 */
const kinds = { Uint8Array, Int32Array, Float32Array, Float64Array } as const;
type Kind = keyof typeof kinds;
type Numbers = InstanceType<(typeof kinds)[Kind]>;

/** Every array begins at a multiple of so many bytes. */
const alignment = 8;
const aligned = (length: number) => Math.ceil(length / alignment) * alignment;

const kindOf = (value: unknown): Kind | undefined =>
  (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);

/** The bytes of a message: of anything that JSON holds, and typed arrays. */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Numbers[] = [];
  let length = 0;
  const text = JSON.stringify(message, (_, value: unknown) => {
    const kind = kindOf(value);
    if (!kind) return value;
    const numbers = value as Numbers;
    const place = { $array: kind, at: length, count: numbers.length };
    arrays.push(numbers);
    length += aligned(numbers.byteLength);
    return place;
  });
  const head = new TextEncoder().encode(text);
  const start = aligned(4 + head.length);
  const bytes = new Uint8Array(start + length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let at = start;
  for (const numbers of arrays) {
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += aligned(numbers.byteLength);
  }
  return bytes;
}

/**
 * The message that bytes hold.
 *
 * @throws Error where they hold none: too short, no JSON, an array beyond the end
 */
export function decodeMessage(bytes: Uint8Array): unknown {
  if (bytes.length < 4) throw new Error("a message has at least four bytes");
  // Arrays are read where they are, which takes a buffer that begins with the message.
  const own = new Uint8Array(bytes);
  const length = new DataView(own.buffer).getUint32(0, true);
  if (4 + length > own.length) throw new Error("a message ends before its text");
  const start = aligned(4 + length);
  const text = new TextDecoder().decode(own.subarray(4, 4 + length));
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("$array" in value)) return value;
    const { $array: kind, at, count } = value as { $array: unknown; at: unknown; count: unknown };
    const make = kinds[kind as Kind];
    if (typeof kind !== "string" || !Object.hasOwn(kinds, kind) || !isSize(at) || !isSize(count))
      throw new Error("a message names an array that cannot be");
    const from = start + at;
    if (at % alignment !== 0 || from + count * make.BYTES_PER_ELEMENT > own.length)
      throw new Error("a message names an array beyond its end");
    // A copy: the message is not kept for the sake of one array.
    return new make(own.buffer, from, count).slice();
  });
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
