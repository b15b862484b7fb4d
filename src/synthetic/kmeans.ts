import { Pace, type RandomKey } from "../engine/index.ts";
import { squaredDistance } from "./squaredDistance.ts";

/**
 * Lloyd's algorithm on n points of dimension d, started at `count` random points.
 *
 * @returns the centres, [count, d]; an emptied cluster keeps its centre. Rejects with the reason of an aborted signal.
 */
export async function kmeansCentres(
  points: Float32Array,
  d: number,
  count: number,
  key: RandomKey,
  { rounds = 10, pace = new Pace() }: { readonly rounds?: number; readonly pace?: Pace } = {},
): Promise<Float32Array> {
  const n = points.length / d;
  const centres = new Float32Array(count * d);
  key.permutation(n, count).forEach((i, k) => {
    centres.set(points.subarray(i * d, (i + 1) * d), k * d);
  });
  const nearest = new Int32Array(n);
  for (let round = 0; round < rounds; round++) {
    const sums = new Float64Array(count * d);
    const sizes = new Int32Array(count);
    let moved = false;
    for (let i = 0; i < n; i++) {
      let best = nearest[i]!; // last round's centre first: it makes a tight bound for the others
      let least = squaredDistance(points, i, centres, best, d);
      for (let k = 0; k < count; k++) {
        if (k === nearest[i]) continue;
        const distance = squaredDistance(points, i, centres, k, d, least);
        if (distance < least) [least, best] = [distance, k];
      }
      if (best !== nearest[i]) moved = true;
      nearest[i] = best;
      sizes[best] = sizes[best]! + 1;
      for (let j = 0; j < d; j++) sums[best * d + j] = sums[best * d + j]! + points[i * d + j]!;
      if (pace.spent(count * d)) await pace.pause();
    }
    if (!moved && round > 0) break;
    for (let k = 0; k < count; k++)
      if (sizes[k]! > 0) for (let j = 0; j < d; j++) centres[k * d + j] = sums[k * d + j]! / sizes[k]!;
  }
  return centres;
}
