import { badData } from "../badData.ts";
import { halfFloats } from "./halfFloats.ts";

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A dense, row-major array of numbers as a file holds it. */
export interface NumericTensor {
  readonly shape: readonly number[];
  readonly data: NumericArray;
}

const types = {
  u1: Uint8Array,
  b1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

const isType = (name: string): name is keyof typeof types => Object.hasOwn(types, name);

/**
 * Reads NumPy's .npy (versions 1 to 3): numbers of either byte order, in C or Fortran order; half precision as float32.
 *
 * @throws AttarError "bad-data": other dtypes (objects are never unpickled), a length that does not match
 */
export function parseNpy(bytes: Uint8Array, where: string): NumericTensor {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((b, i) => bytes[i] !== b)) throw badData(where, "not a .npy array");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! > 1;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (length > 65536 || start > bytes.length) throw badData(where, `its .npy header claims ${length} bytes`);
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
  return arrayOf(bytes.slice(start), { descr, shape, fortran: fortran === "True" }, where);
}

/**
 * An array of the bytes of its elements, which it takes as its own.
 *
 * @param descr the element type in NumPy's words: "<f4", "|u1"
 * @param fortran whether the first index runs fastest
 * @throws AttarError "bad-data" for other element types, and bytes that are not as many as the shape asks for
 */
export function arrayOf(
  own: Uint8Array<ArrayBuffer>,
  { descr, shape, fortran }: { descr: string; shape: readonly number[]; fortran: boolean },
  where: string,
): NumericTensor {
  const type = descr.slice(1);
  const Type = type === "f2" ? Uint16Array : isType(type) ? types[type] : undefined;
  if (!Type || !/^[<>|=]/.test(descr))
    throw badData(
      where,
      `arrays of dtype "${descr}" are not read, only numbers and texts`,
      "Save the array as numbers, for example array.astype(numpy.float32).",
    );
  if (shape.length > 32) throw badData(where, `an array of ${shape.length} dimensions is not read`);
  const expected = shape.reduce((product, d) => product * d, 1) * Type.BYTES_PER_ELEMENT;
  if (expected !== own.length)
    throw badData(where, `shape [${shape}] of ${descr} asks for ${expected} bytes, the array has ${own.length}`);
  if (descr.startsWith(">")) reverseEach(own, Type.BYTES_PER_ELEMENT);
  const data = type === "f2" ? halfFloats(own, "F16") : new Type(own.buffer);
  return { shape, data: fortran && shape.length > 1 ? inCOrder(data, shape) : data };
}

/** Turns the bytes of each element around. */
function reverseEach(bytes: Uint8Array, width: number): void {
  if (width > 1) for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** An array whose first index runs fastest as one whose last does. */
function inCOrder(data: NumericArray, shape: readonly number[]): NumericArray {
  const out = data.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, d) => product * d, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
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
