import { Tensor, tensor } from "../../../engine/index.ts";

/** Rows of one block: its distances to a thousand points stay in a core's cache. */
export const blockRows = 256;

/** Rows handed over at a time, which bounds memory whatever their number. */
export const stripRows = 32 * blockRows;

/** Rows [from, to) of a matrix as blocks [blocks, rows, d], the last one filled up with zeros. */
export function rowBlocks(data: Float32Array, d: number, from: number, to: number, rows = blockRows): Tensor {
  const blocks = Math.ceil((to - from) / rows);
  const out = new Float32Array(blocks * rows * d);
  out.set(data.subarray(from * d, to * d));
  return new Tensor(out, [blocks, rows, d], "float32");
}

/** ‖x_i‖² of every row, in float64. */
export function squaredNorms(data: Float32Array, d: number): Float64Array {
  const norms = new Float64Array(data.length / d);
  for (let i = 0; i < norms.length; i++) {
    let sum = 0;
    for (let p = i * d, end = p + d; p < end; p++) sum += data[p]! * data[p]!;
    norms[i] = sum;
  }
  return norms;
}

/**
 * Both matrices less the mean row of the first: distances stay as they are, and ‖x‖² − 2⟨x, y⟩ + ‖y‖² in float32 loses
 * less to cancellation.
 */
export function centred(x: Float32Array, y: Float32Array, d: number): [Float32Array, Float32Array] {
  const mean = new Float64Array(d);
  for (let p = 0, k = 0; p < x.length; p++, k = k + 1 === d ? 0 : k + 1) mean[k] = mean[k]! + x[p]!;
  const n = x.length / d;
  const less = (from: Float32Array) => {
    const out = new Float32Array(from.length);
    for (let p = 0, k = 0; p < out.length; p++, k = k + 1 === d ? 0 : k + 1) out[p] = from[p]! - mean[k]! / n;
    return out;
  };
  const first = less(x);
  return [first, x === y ? first : less(y)];
}

/** A float32 tensor of float64 numbers. */
export const single = (values: ArrayLike<number>, shape?: readonly number[]): Tensor =>
  tensor(Float32Array.from(values), shape);
