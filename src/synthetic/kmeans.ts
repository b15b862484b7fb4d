import type { RandomKey } from "../engine/index.ts";

const squared = (points: Float32Array, i: number, centres: Float32Array, k: number, d: number): number => {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const diff = points[i * d + j]! - centres[k * d + j]!;
    sum += diff * diff;
  }
  return sum;
};

/**
 * Lloyd's algorithm on n points of dimension d, started at `count` random points.
 *
 * @returns the centres, [count, d]; an emptied cluster keeps its centre.
 */
export function kmeansCentres(
  points: Float32Array,
  d: number,
  count: number,
  key: RandomKey,
  rounds = 10,
): Float32Array {
  const n = points.length / d;
  const centres = new Float32Array(count * d);
  key.permutation(n, count).forEach((i, k) => {
    centres.set(points.subarray(i * d, (i + 1) * d), k * d);
  });
  for (let round = 0; round < rounds; round++) {
    const sums = new Float64Array(count * d);
    const sizes = new Int32Array(count);
    for (let i = 0; i < n; i++) {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < count; k++) {
        const distance = squared(points, i, centres, k, d);
        if (distance < least) [least, best] = [distance, k];
      }
      sizes[best] = sizes[best]! + 1;
      for (let j = 0; j < d; j++) sums[best * d + j] = sums[best * d + j]! + points[i * d + j]!;
    }
    for (let k = 0; k < count; k++)
      if (sizes[k]! > 0) for (let j = 0; j < d; j++) centres[k * d + j] = sums[k * d + j]! / sizes[k]!;
  }
  return centres;
}
