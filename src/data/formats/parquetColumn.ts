import type { ColumnMetaData } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { readHybrid } from "./rleHybrid.ts";
import { readThrift, type ThriftStruct } from "./thriftCompact.ts";

/** A cell: an integer, or bytes; undefined for null. */
export type Cell = number | Uint8Array | undefined;

const dataPage = 0;
const dictionaryPage = 2;
const dataPageV2 = 3;
const encodings = [
  "PLAIN",
  "1",
  "PLAIN_DICTIONARY",
  "RLE",
  "BIT_PACKED",
  "DELTA_BINARY_PACKED",
  "DELTA_LENGTH_BYTE_ARRAY",
  "DELTA_BYTE_ARRAY",
  "RLE_DICTIONARY",
  "BYTE_STREAM_SPLIT",
];
/** Largest page that is decompressed, and how many times larger than its input it may claim to be. */
const maxPageBytes = 2 ** 30;
const maxPageRatio = 20_000;

/**
 * Decodes a column chunk of integers or byte arrays, flat or inside structs: data pages of versions 1 and 2, plain or
 * with a dictionary. Written for bytes that nobody vouches for: no claim of a header makes it allocate or loop beyond
 * what the chunk can hold, which general Parquet readers do not promise.
 *
 * @param bytes the chunk
 * @param optional how many of the column's path are optional: its highest definition level
 * @throws RangeError or Error saying what is damaged or not supported
 */
export function readColumnChunk(bytes: Uint8Array, meta: ColumnMetaData, optional: number): Cell[] {
  const count = Number(meta.num_values);
  const out: Cell[] = [];
  let dictionary: Cell[] | undefined;
  for (let at = 0; out.length < count; ) {
    if (at >= bytes.length) throw new RangeError(`a column ends after ${out.length} of ${count} values`);
    const { struct, end } = readThrift(bytes, at);
    const [type, unpacked, packed] = [integer(struct, 1), integer(struct, 2), integer(struct, 3)];
    if (end + packed > bytes.length) throw new RangeError("a page is cut short");
    const body = bytes.subarray(end, end + packed);
    at = end + packed;
    if (type === dictionaryPage) {
      const values = integer(inner(struct, 7), 1);
      dictionary = plain(decompress(body, unpacked, meta), meta, values);
    } else if (type === dataPage || type === dataPageV2) {
      const header = inner(struct, type === dataPage ? 5 : 8);
      const values = integer(header, 1);
      if (values > count - out.length)
        throw new RangeError(`a page claims ${values} values, ${count - out.length} are left`);
      const page =
        type === dataPage ? splitV1(decompress(body, unpacked, meta), optional) : splitV2(body, unpacked, header, meta);
      const encoding = integer(header, type === dataPage ? 2 : 4);
      append(out, page, encoding, values, optional, meta, dictionary);
    } // index pages are passed over
  }
  return out;
}

interface Page {
  /** Definition levels, run-length encoded. */
  readonly levels: Uint8Array;
  readonly data: Uint8Array;
}

function splitV1(page: Uint8Array, optional: number): Page {
  if (optional === 0) return { levels: page.subarray(0, 0), data: page };
  if (page.length < 4) throw new RangeError("a page is cut short");
  const length = new DataView(page.buffer, page.byteOffset).getUint32(0, true);
  if (4 + length > page.length) throw new RangeError("a page's levels are cut short");
  return { levels: page.subarray(4, 4 + length), data: page.subarray(4 + length) };
}

function splitV2(body: Uint8Array, unpacked: number, header: ThriftStruct, meta: ColumnMetaData): Page {
  const [levels, repetition] = [integer(header, 5), integer(header, 6)];
  const start = levels + repetition;
  if (start > body.length || start > unpacked) throw new RangeError("a page's levels are cut short");
  const data = body.subarray(start);
  return {
    levels: body.subarray(repetition, start),
    data: header.get(7) === false ? data : decompress(data, unpacked - start, meta),
  };
}

function append(
  out: Cell[],
  { levels, data }: Page,
  encoding: number,
  values: number,
  optional: number,
  meta: ColumnMetaData,
  dictionary: Cell[] | undefined,
): void {
  const defined = optional > 0 ? readHybrid(levels, 32 - Math.clz32(optional), values) : undefined;
  let present = values;
  if (defined) for (const level of defined) if (level !== optional) present--;
  const cells = decode(data, encoding, present, meta, dictionary);
  let next = 0;
  for (let i = 0; i < values; i++) out.push(defined && defined[i] !== optional ? undefined : cells(next++));
}

function decode(
  data: Uint8Array,
  encoding: number,
  count: number,
  meta: ColumnMetaData,
  dictionary?: Cell[],
): (i: number) => Cell {
  if (encoding === 0) {
    const cells = plain(data, meta, count);
    return (i) => cells[i];
  }
  if (encoding !== 2 && encoding !== 8)
    throw new Error(
      `the encoding ${encodings[encoding] ?? encoding} is not read, only plain and dictionary; save it again with pyarrow`,
    );
  if (!dictionary) throw new RangeError("a page refers to a dictionary that is not there");
  const indices = count > 0 ? readHybrid(data.subarray(1), data[0] ?? 33, count) : new Uint32Array(0);
  for (const index of indices)
    if (index >= dictionary.length) throw new RangeError("a page refers beyond its dictionary");
  return (i) => dictionary[indices[i]!];
}

function plain(data: Uint8Array, { type }: ColumnMetaData, count: number): Cell[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = type === "INT32" ? 4 : type === "INT64" ? 8 : type === "BYTE_ARRAY" ? 4 : undefined;
  if (!width) throw new Error(`the column type ${type} is not read, only integers, strings and bytes`);
  if (count * width > data.length) throw new RangeError(`a page of ${data.length} bytes claims ${count} values`);
  if (type === "INT32") return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  if (type === "INT64") return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  let at = 0;
  return Array.from({ length: count }, () => {
    if (at + 4 > data.length) throw new RangeError("a page ends early");
    const length = view.getUint32(at, true);
    at += 4 + length;
    if (at > data.length) throw new RangeError("a page ends early");
    return data.subarray(at - length, at);
  });
}

function decompress(bytes: Uint8Array, length: number, { codec }: ColumnMetaData): Uint8Array {
  if (codec === "UNCOMPRESSED") return bytes;
  const unpack = compressors[codec];
  if (!unpack) throw new Error(`the compression ${codec} is not read`);
  if (length > Math.min(maxPageBytes, 65536 + bytes.length * maxPageRatio))
    throw new RangeError(`a page of ${bytes.length} bytes claims to hold ${length}`);
  const out = unpack(bytes, length);
  if (out.length !== length) throw new RangeError(`a page holds ${out.length} bytes, its header says ${length}`);
  return out;
}

function integer(struct: ThriftStruct, field: number): number {
  const value = struct.get(field);
  if (typeof value !== "number" || value < 0) throw new RangeError("a page header is damaged");
  return value;
}

function inner(struct: ThriftStruct, field: number): ThriftStruct {
  const value = struct.get(field);
  if (!(value instanceof Map)) throw new RangeError("a page header is damaged");
  return value;
}
