import { compressors, decompressZstd } from "hyparquet-compressors";
import type { Budget } from "./budget.ts";
import { ThriftReader, thriftType } from "./thriftCompact.ts";

export const dataPage = 0;
export const dictionaryPage = 2;
export const dataPageV2 = 3;

/** The header of a page, all numbers at least zero. */
export interface PageHeader {
  readonly type: number;
  /** Lengths in bytes, unpacked and as it lies in the file. */
  readonly unpacked: number;
  readonly packed: number;
  readonly values: number;
  readonly encoding: number;
  /** Lengths of definition and repetition levels before the data, in pages of version 2. */
  readonly levels: number;
  readonly repetition: number;
  readonly compressed: boolean;
  /** The offset behind the header. */
  readonly end: number;
}

/** Numbers of the fields in the three kinds of header that are read. */
const places = {
  5: { values: 1, encoding: 2, levels: -1, repetition: -1 },
  7: { values: 1, encoding: 2, levels: -1, repetition: -1 },
  8: { values: 1, encoding: 4, levels: 5, repetition: 6 },
} as const;
const headerOf = new Map<number, keyof typeof places>([
  [dataPage, 5],
  [dictionaryPage, 7],
  [dataPageV2, 8],
]);

/** Reads the header of the page that starts at `at`. @throws RangeError */
export function readPageHeader(bytes: Uint8Array, at: number): PageHeader {
  const reader = new ThriftReader(bytes, at);
  const outer = new Map<number, number>();
  const inner = new Map<number, Map<number, number>>();
  let compressed = true;
  reader.struct((id, type) => {
    if (type === thriftType.i32) outer.set(id, reader.integer());
    else if (type === thriftType.struct && id in places) {
      const fields = new Map<number, number>();
      reader.struct((field, fieldType) => {
        if (fieldType === thriftType.i32) {
          fields.set(field, reader.integer());
          return true;
        }
        if (id === 8 && field === 7) compressed = fieldType === thriftType.yes;
        return false;
      });
      inner.set(id, fields);
    } else return false;
    return true;
  });
  const type = count(outer.get(1));
  const [unpacked, packed, end] = [count(outer.get(2)), count(outer.get(3)), reader.at];
  const kind = headerOf.get(type);
  if (kind === undefined)
    return { type, unpacked, packed, end, values: 0, encoding: 0, levels: 0, repetition: 0, compressed };
  const fields = inner.get(kind);
  const place = places[kind];
  const field = (number: number) => (number < 0 ? 0 : count(fields?.get(number)));
  return {
    type,
    unpacked,
    packed,
    end,
    values: field(place.values),
    encoding: field(place.encoding),
    levels: field(place.levels),
    repetition: field(place.repetition),
    compressed,
  };
}

function count(value: number | undefined): number {
  if (value === undefined || value < 0) throw new RangeError("a page header is damaged");
  return value;
}

const codecs = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"] as const;

/**
 * Unpacks a page's bytes; `length`, what its header says they become, is taken from the budget before anything is allocated.
 *
 * @throws RangeError or Error where they become something else, AttarError where the budget is spent
 */
export function unpackPage(bytes: Uint8Array, length: number, codec: number, budget: Budget): Uint8Array {
  const name = codecs[codec];
  if (name === "UNCOMPRESSED") return bytes;
  const unpack = name === "ZSTD" ? unpackZstd : name && compressors[name];
  if (!unpack) throw new Error(`the compression ${name ?? codec} is not read`);
  budget.take(length);
  const out = unpack(bytes, length);
  if (out.length !== length) throw new RangeError(`a page holds ${out.length} bytes, its header says ${length}`);
  return out;
}

/** Into memory of the right size: left to itself, the decoder allocates what a frame's header asks for. */
function unpackZstd(bytes: Uint8Array, length: number): Uint8Array {
  const claimed = zstdContentSize(bytes);
  if (claimed !== undefined && claimed !== BigInt(length))
    throw new RangeError(`a page holds ${claimed} bytes, its header says ${length}`);
  return decompressZstd(bytes, new Uint8Array(length));
}

/** The content size that a zstd frame's header names, if it does (RFC 8878, 3.1.1.1). */
function zstdContentSize(bytes: Uint8Array): bigint | undefined {
  const descriptor = bytes[4] ?? 0;
  const single = (descriptor >> 5) & 1;
  const size = descriptor >> 6 ? 1 << (descriptor >> 6) : single;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const at = 6 - single + dictionary;
  if (size === 0 || at + size > bytes.length) return undefined;
  let value = 0n;
  for (let i = 0; i < size; i++) value |= BigInt(bytes[at + i]!) << BigInt(8 * i);
  return size === 2 ? value + 256n : value;
}
