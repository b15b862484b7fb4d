import { badData } from "../badData.ts";
import { halfFloats } from "./halfFloats.ts";
import type { NumericArray, NumericTensor } from "./npy.ts";
import { parseStrictJson } from "./strictJson.ts";

/** Longest header that is read or written: 8 MiB, some eighty thousand tensors. The format itself allows 100 MB. */
export const maxHeaderBytes = 2 ** 23;

/** The content of a .safetensors file. */
export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, NumericTensor>;
  /** Tensors that were left out, with their dtype. */
  readonly unread?: ReadonlyMap<string, string>;
  /** Has no prototype: no key of a file is an inherited name. */
  readonly metadata: Readonly<Record<string, string>>;
}

const types = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  U16: Uint16Array,
  I16: Int16Array,
  U32: Uint32Array,
  I32: Int32Array,
  U64: BigUint64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  F64: Float64Array,
} as const;
const typeNames = new Map<unknown, string>(
  Object.entries(types)
    .filter(([name]) => name !== "BOOL")
    .map(([name, Type]) => [Type, name]),
);

/** The most dimensions that a tensor may have. */
const maxRank = 32;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * Reads a .safetensors file: a little-endian uint64 header length, a JSON header, the tensors' bytes.
 *
 * Refused, as the format demands: a header above 8 MiB or beyond the file, one that does not start with "{" or has
 * duplicate keys, metadata that is not all strings, data offsets that overlap, leave holes or do not end at the end of
 * the file, a length that is not the shape's product times the element size. Half precision is read as float32.
 *
 * @param others whether tensors of a dtype that is not read are refused, or left out and listed in `unread`
 * @throws AttarError "bad-data"
 */
export function parseSafetensors(
  bytes: Uint8Array,
  where: string,
  others: "refuse" | "leave out" = "refuse",
): SafeTensors {
  const length = headerLength(bytes.subarray(0, 8), bytes.length, where);
  const header = parseHeader(bytes.subarray(8, 8 + length), where);
  const metadata = metadataOf(header, where);
  const spans: { name: string; begin: number; end: number }[] = [];
  const tensors = new Map<string, NumericTensor>();
  const unread = new Map<string, string>();
  const data = bytes.subarray(8 + length);
  for (const [name, entry] of header) {
    if (name === "__metadata__") continue;
    const { begin, end, tensor, dtype } = readEntry(name, entry, data, where);
    spans.push({ name, begin, end });
    if (tensor) tensors.set(name, tensor);
    else if (others === "leave out") unread.set(name, dtype);
    else throw badData(where, `tensor "${name}" has dtype ${JSON.stringify(dtype)}, which is not read`);
  }
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of spans) {
    if (begin !== at) throw badData(where, `tensor "${name}" starts at byte ${begin} of the data, expected ${at}`);
    at = end;
  }
  if (at !== data.length)
    throw badData(where, `its tensors end at byte ${at} of the data, the file has ${data.length}`);
  return { tensors, metadata, ...(unread.size > 0 && { unread }) };
}

/**
 * Reads the metadata alone, from the header of a file that is too large to be read for it.
 *
 * @param file its size in bytes, and how to read `length` of them from `start` on
 * @throws AttarError "bad-data"
 */
export async function parseSafetensorsMetadata(
  file: { readonly size: number; read(start: number, length: number): Promise<Uint8Array> },
  where: string,
): Promise<SafeTensors["metadata"]> {
  const length = headerLength(await file.read(0, Math.min(8, file.size)), file.size, where);
  return metadataOf(parseHeader(await file.read(8, length), where), where);
}

function headerLength(start: Uint8Array, fileBytes: number, where: string): number {
  if (start.length < 8) throw badData(where, `a .safetensors file has at least 8 bytes, this one has ${fileBytes}`);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes || 8 + length > fileBytes)
    throw badData(where, `its .safetensors header claims ${length} bytes, the file has ${fileBytes}`);
  return length;
}

function metadataOf(header: ReadonlyMap<string, unknown>, where: string): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  const entry = header.get("__metadata__");
  if (entry === undefined) return metadata;
  if (!isRecord(entry)) throw badData(where, "its __metadata__ is not a map");
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== "string") throw badData(where, `its metadata "${key}" is not a string`);
    metadata[key] = value;
  }
  return metadata;
}

function parseHeader(bytes: Uint8Array, where: string): Map<string, unknown> {
  if (bytes[0] !== 0x7b) throw badData(where, 'its .safetensors header does not start with "{"');
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badData(where, "its .safetensors header is not UTF-8");
  }
  const header = parseStrictJson(text, `${where}: its .safetensors header`);
  if (!isRecord(header)) throw badData(where, "its .safetensors header is not a JSON object");
  return new Map(Object.entries(header));
}

function readEntry(name: string, entry: unknown, data: Uint8Array, where: string) {
  const label = `tensor "${name}"`;
  if (!isRecord(entry)) throw badData(where, `${label} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string") throw badData(where, `${label} has dtype ${JSON.stringify(dtype)}, which is not read`);
  const half = dtype === "F16" || dtype === "BF16" ? dtype : undefined;
  const Type = half ? Uint16Array : Object.hasOwn(types, dtype) ? types[dtype as keyof typeof types] : undefined;
  if (!Array.isArray(shape) || shape.length > maxRank || !shape.every(isCount))
    throw badData(where, `${label} has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw badData(where, `${label} has no valid data_offsets`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > data.length)
    throw badData(where, `${label} lies at bytes ${begin} to ${end} of ${data.length} (cut short?)`);
  if (!Type) return { begin, end, dtype };
  const expected = (shape as number[]).reduce((product, d) => product * d, 1) * Type.BYTES_PER_ELEMENT;
  if (expected !== end - begin)
    throw badData(where, `${label} of shape [${shape}] needs ${expected} bytes, its offsets span ${end - begin}`);
  const values = half && halfFloats(data.subarray(begin, end), half);
  if (values) return { begin, end, dtype, tensor: { shape: shape as number[], data: values } };
  const start = data.byteOffset + begin;
  const aligned = start % Type.BYTES_PER_ELEMENT === 0;
  const buffer = aligned ? data.buffer : data.slice(begin, end).buffer;
  const array = new Type(
    buffer as ArrayBuffer,
    aligned ? start : 0,
    (end - begin) / Type.BYTES_PER_ELEMENT,
  ) as NumericArray;
  return { begin, end, dtype, tensor: { shape: shape as number[], data: array } };
}

/**
 * Writes a .safetensors file. Tensors keep their order after sorting by element size (widest first, so that each is
 * aligned); the header is padded with spaces to a multiple of 8. Equal content gives equal bytes.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NumericTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).sort(
    ([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0)
    header.__metadata__ = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  let at = 0;
  for (const [name, { shape, data }] of entries) {
    const end = at + data.byteLength;
    header[name] = { dtype: typeNames.get(data.constructor), shape, data_offsets: [at, end] };
    at = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  if (length > maxHeaderBytes) throw new RangeError(`a .safetensors header of ${length} bytes is above the limit`);
  const out = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(json, 8);
  let offset = 8 + length;
  for (const [, { data }] of entries) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return out;
}
