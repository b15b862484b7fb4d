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
      tileOfSums(a, b, top * length, left * length, length, sums);
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

function tileOfSums(x: Float64Array, y: Float64Array, i: number, j: number, length: number, sums: Float64Array): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < length; k++) {
    const [a, b] = [x[i + k]!, x[i + length + k]!];
    const p = y[j + k]!;
    const q = y[j + length + k]!;
    const r = y[j + 2 * length + k]!;
    const s = y[j + 3 * length + k]!;
    s00 += a * p;
    s01 += a * q;
    s02 += a * r;
    s03 += a * s;
    s10 += b * p;
    s11 += b * q;
    s12 += b * r;
    s13 += b * s;
  }
  sums.set([s00, s01, s02, s03, s10, s11, s12, s13]);
}

/** x·x of the row that begins at `from`. */
export function squaredNorm64(data: ArrayLike<number>, from: number, length: number): number {
  let sum = 0;
  for (let k = from; k < from + length; k++) sum += data[k]! * data[k]!;
  return sum;
}
