import type { Rows } from "./kernel.ts";

const [tall, wide] = [2, 4];

/**
 * x·y of all pairs of rows in float64 on the host, [n, m] row-major: in tiles of 2 x 4 sums, which read six numbers for eight
 * multiplications; those of a set with itself half of them. Every sum is taken in the order of the numbers.
 */
export function innerProducts64(x: Rows, y: Rows): Float64Array {
  const { length } = x;
  const own = x.data === y.data && x.count === y.count;
  const [a, b] = own ? [padded(x), padded(x)] : [padded(x), padded(y)];
  const out = new Float64Array(x.count * y.count);
  const sums = new Float64Array(tall * wide);
  for (let top = 0; top < x.count; top += tall)
    for (let left = 0; left < y.count && !(own && left > top + tall - 1); left += wide) {
      tileOfProducts([a, top * length], [b, left * length], length, length, sums);
      for (let i = top; i < Math.min(top + tall, x.count); i++)
        for (let j = left; j < Math.min(left + wide, y.count); j++) {
          const sum = sums[(i - top) * wide + j - left]!;
          out[i * y.count + j] = sum;
          if (own) out[j * y.count + i] = sum;
        }
    }
  return out;
}

/** Rows as float64, with rows of zeros after them for tiles that reach beyond. */
function padded({ data, count, length }: Rows): Float64Array {
  const out = new Float64Array(Math.ceil(count / wide) * wide * length);
  out.set(data);
  return out;
}

/**
 * Products of two rows of x, from `i` on, with four of y, from `j` on, over their first `count` numbers; rows are `stride` apart.
 *
 * @param sums where they go, [2, 4].
 */
export function tileOfProducts(
  [x, i]: readonly [Float64Array, number],
  [y, j]: readonly [Float64Array, number],
  stride: number,
  count: number,
  sums: Float64Array,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < count; k++) {
    const a = x[i + k]!;
    const b = x[i + stride + k]!;
    const p = y[j + k]!;
    const q = y[j + stride + k]!;
    const r = y[j + 2 * stride + k]!;
    const s = y[j + 3 * stride + k]!;
    s00 += a * p;
    s01 += a * q;
    s02 += a * r;
    s03 += a * s;
    s10 += b * p;
    s11 += b * q;
    s12 += b * r;
    s13 += b * s;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
}

/** x·x of the row that begins at `from`. */
export function squaredNorm64(data: ArrayLike<number>, from: number, length: number): number {
  let sum = 0;
  for (let k = from; k < from + length; k++) sum += data[k]! * data[k]!;
  return sum;
}
