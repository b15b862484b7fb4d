import { badData } from "../badData.ts";
import { bytesOfNumber, columnMajor, inCOrder, isNumberType, type NumericTensor, numbersOf } from "./numbers.ts";

export type { NumericArray, NumericTensor } from "./numbers.ts";

/** What the header of a .npy array says. */
export interface NpyHeader {
  /** NumPy's word for the elements: "<f4". */
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** The first byte of the elements. */
  readonly start: number;
}

/** The most bytes that the header of a .npy array may have. */
const longestHeader = 65536;

/** Reads the header of a .npy array, versions 1 to 3. @throws AttarError "bad-data" */
export function npyHeader(bytes: Uint8Array, where: string): NpyHeader {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((b, i) => bytes[i] !== b)) throw badData(where, "not a .npy array");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! > 1;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (length > longestHeader || start > bytes.length) throw badData(where, `its .npy header claims ${length} bytes`);
  const header = new TextDecoder("latin1").decode(bytes.subarray(wide ? 12 : 10, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || fortran === undefined || dims === undefined)
    throw badData(where, "its .npy header is not a plain description of numbers");
  const shape = dims
    .split(",")
    .map((d) => d.trim())
    .filter((d) => d !== "")
    .map(Number);
  return { descr, fortran: fortran === "True", shape, start };
}

/**
 * Reads NumPy's .npy (versions 1 to 3): numbers of either byte order, in C or Fortran order; half precision as float32.
 *
 * @throws AttarError "bad-data": other dtypes (objects are never unpickled), a length that does not match
 */
export function parseNpy(bytes: Uint8Array, where: string): NumericTensor {
  const { start, ...header } = npyHeader(bytes, where);
  return arrayOf(bytes.slice(start), header, where);
}

/**
 * An array of the bytes of its elements, which it takes as its own.
 *
 * @throws AttarError "bad-data" for other element types, and bytes that are not as many as the shape asks for
 */
export function arrayOf(
  own: Uint8Array<ArrayBuffer>,
  { descr, shape, fortran }: Omit<NpyHeader, "start">,
  where: string,
): NumericTensor {
  const type = descr.slice(1);
  if (!isNumberType(type) || !/^[<>|=]/.test(descr))
    throw badData(
      where,
      `arrays of dtype "${descr}" are not read, only numbers and texts`,
      descr.includes("O")
        ? "Objects are never unpickled. Save numbers or texts: array.astype(numpy.float32), of labels array.astype(str)."
        : "Save the array as numbers, for example array.astype(numpy.float32).",
    );
  if (shape.length > 32) throw badData(where, `an array of ${shape.length} dimensions is not read`);
  const expected = shape.reduce((product, d) => product * d, 1) * bytesOfNumber(type);
  if (expected !== own.length)
    throw badData(where, `shape [${shape}] of ${descr} asks for ${expected} bytes, the array has ${own.length}`);
  const data = numbersOf(own, type, descr.startsWith(">"));
  return { shape, data: fortran && shape.length > 1 ? inCOrder(data, shape, columnMajor(shape)) : data };
}

const names = new Map<unknown, string>([
  [Uint8Array, "|u1"],
  [Int32Array, "<i4"],
  [BigInt64Array, "<i8"],
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
]);

/** Writes NumPy's .npy, version 1, C order. The data must be uint8, int32, int64, float32 or float64. */
export function encodeNpy({ shape, data }: NumericTensor): Uint8Array {
  const descr = names.get(data.constructor);
  if (!descr) throw new TypeError(`.npy of ${data.constructor.name} is not written`);
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const padded = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const out = new Uint8Array(10 + padded.length + data.byteLength);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  out.set(new TextEncoder().encode(padded), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return out;
}
