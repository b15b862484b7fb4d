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
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

/** A kind of number by NumPy's letter (unsigned, signed, float, truth value) and its bytes. */
export type NumberType = keyof typeof types;

export const isNumberType = (name: string): name is NumberType => Object.hasOwn(types, name);

/** The bytes of one number. */
export const bytesOfNumber = (type: NumberType): number => types[type].BYTES_PER_ELEMENT;

/**
 * Numbers out of bytes, which become the array's own and may be turned around; half precision becomes float32.
 *
 * @param own whole numbers of elements, in a buffer of their own
 */
export function numbersOf(own: Uint8Array<ArrayBuffer>, type: NumberType, bigEndian: boolean): NumericArray {
  if (bigEndian) reverseEach(own, bytesOfNumber(type));
  return type === "f2" ? halfFloats(own, "F16") : new types[type](own.buffer);
}

/** Turns the bytes of each element around. */
function reverseEach(bytes: Uint8Array, width: number): void {
  if (width > 1) for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** The steps between neighbours along each axis where the first index runs fastest (Fortran's and MATLAB's order). */
export const columnMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(0, axis).reduce((product, d) => product * d, 1));

/** The steps between neighbours along each axis where the last index runs fastest (C's order). */
export const rowMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, d) => product * d, 1));

/** The elements of an array in C order of a shape, each found by its axes' steps in the stored one. */
export function inCOrder(data: NumericArray, shape: readonly number[], steps: readonly number[]): NumericArray {
  const out = data.slice();
  const last = shape.length - 1;
  if (last < 0 || out.length === 0) return out;
  const [width, step] = [shape[last]!, steps[last]!];
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; ) {
    for (let x = 0, at = from; x < width; x++, at += step) out[to++] = data[at]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
