import type { Budget } from "./budget.ts";
import type { ColumnChunk } from "./parquetFooter.ts";
import { dataPage, dataPageV2, dictionaryPage, type PageHeader, readPageHeader, unpackPage } from "./parquetPage.ts";
import { readHybrid } from "./rleHybrid.ts";

/** A cell: a number (0 or 1 for a truth value), or bytes; undefined for null. */
export type Cell = number | Uint8Array | undefined;

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
/** The physical type of truth values: a bit each. */
export const booleanType = 0;
/** Other physical types that are read, and the least that one value takes in the file. */
const widths = new Map([
  [1, 4],
  [2, 8],
  [4, 4],
  [5, 8],
  [6, 4],
]);
/** The bytes that one cell takes in memory, about: a number in an array, or a view of bytes. */
const cellBytes = (type: number) => (type === 6 ? 120 : 16);

/**
 * Decodes a column chunk of numbers, truth values or byte arrays, flat or inside structs: data pages of versions 1 and 2, plain or
 * with a dictionary. Written for bytes that nobody vouches for: what a header claims is held to the bytes there are and to
 * the file's budget before anything is allocated, which general Parquet readers do not promise.
 *
 * @param bytes the chunk
 * @param optional how many of the column's path are optional: its highest definition level
 * @param budget what the file may take in memory
 * @throws RangeError or Error saying what is damaged or not supported, AttarError where the budget is spent
 */
export function readColumnChunk(bytes: Uint8Array, chunk: ColumnChunk, optional: number, budget: Budget): Cell[] {
  const out: Cell[] = [];
  let dictionary: Cell[] | undefined;
  budget.take(8 * chunk.values);
  for (let at = 0; out.length < chunk.values; ) {
    if (at >= bytes.length) throw new RangeError(`a column ends after ${out.length} of ${chunk.values} values`);
    const header = readPageHeader(bytes, at);
    const { type, unpacked, values, end } = header;
    at = end + header.packed;
    if (at > bytes.length) throw new RangeError("a page is cut short");
    const body = bytes.subarray(end, at);
    if (type === dictionaryPage) {
      dictionary = plain(unpackPage(body, unpacked, chunk.codec, budget), chunk, values, budget);
    } else if (type === dataPage || type === dataPageV2) {
      if (values > chunk.values - out.length)
        throw new RangeError(`a page claims ${values} values, ${chunk.values - out.length} are left`);
      const page =
        type === dataPage
          ? splitV1(unpackPage(body, unpacked, chunk.codec, budget), optional)
          : splitV2(body, header, chunk, budget);
      append(out, page, header, optional, chunk, dictionary, budget);
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

function splitV2(body: Uint8Array, header: PageHeader, { codec }: ColumnChunk, budget: Budget): Page {
  const { unpacked, levels, repetition, compressed } = header;
  const start = levels + repetition;
  if (start > body.length || start > unpacked) throw new RangeError("a page's levels are cut short");
  const data = body.subarray(start);
  return {
    levels: body.subarray(repetition, start),
    data: compressed ? unpackPage(data, unpacked - start, codec, budget) : data,
  };
}

function append(
  out: Cell[],
  { levels, data }: Page,
  { encoding, values }: PageHeader,
  optional: number,
  chunk: ColumnChunk,
  dictionary: Cell[] | undefined,
  budget: Budget,
): void {
  const defined = optional > 0 ? readHybrid(levels, 32 - Math.clz32(optional), values) : undefined;
  let present = values;
  if (defined) for (const level of defined) if (level !== optional) present--;
  const cells = decode(data, encoding, present, chunk, dictionary, budget);
  let next = 0;
  for (let i = 0; i < values; i++) out.push(defined && defined[i] !== optional ? undefined : cells(next++));
}

function decode(
  data: Uint8Array,
  encoding: number,
  count: number,
  chunk: ColumnChunk,
  dictionary: Cell[] | undefined,
  budget: Budget,
): (i: number) => Cell {
  if (encoding === 0) {
    const cells = plain(data, chunk, count, budget);
    return (i) => cells[i];
  }
  if (encoding === 3 && chunk.type === booleanType) {
    if (data.length < 4) throw new RangeError("a page is cut short");
    budget.take(count * cellBytes(booleanType));
    const bits = readHybrid(data.subarray(4), 1, count);
    return (i) => bits[i];
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

function plain(data: Uint8Array, { type }: ColumnChunk, count: number, budget: Budget): Cell[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === booleanType) {
    if (count > 8 * data.length) throw new RangeError(`a page of ${data.length} bytes claims ${count} values`);
    budget.take(count * cellBytes(type));
    return Array.from({ length: count }, (_, i) => (data[i >> 3]! >> (i & 7)) & 1);
  }
  const width = widths.get(type);
  if (!width) throw new Error(`columns of physical type ${type} are not read, only numbers, strings and bytes`);
  if (count * width > data.length) throw new RangeError(`a page of ${data.length} bytes claims ${count} values`);
  budget.take(count * cellBytes(type));
  if (type === 1) return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  if (type === 2) return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  if (type === 4) return Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  if (type === 5) return Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
  let at = 0;
  return Array.from({ length: count }, () => {
    if (at + 4 > data.length) throw new RangeError("a page ends early");
    const length = view.getUint32(at, true);
    at += 4 + length;
    if (at > data.length) throw new RangeError("a page ends early");
    return data.subarray(at - length, at);
  });
}
