import type { FoundCovering } from "../discrepancies/hausdorff/selection.ts";
import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import type { Pace, RandomKey } from "../engine/index.ts";
import { distancesFrom } from "./distances.ts";
import { kmeansCentres, nearestPoints } from "./kmeans.ts";

/** Chooses `count` of n points of dimension d; returns their positions. A covering rule tells `onFound` how good it is. */
export type Selection = (
  points: Float32Array,
  d: number,
  count: number,
  key: RandomKey,
  pace: Pace,
  onFound?: (covering: FoundCovering) => void,
) => Promise<number[]>;

/** next = argmin_i ‖(k+1) μ − Σ_chosen − x_i‖ (Welling 2009; the argmin rule). */
export const herding: Selection = async (points, d, count, _key, pace) => {
  const n = points.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k] = mean[k]! + points[i * d + k]! / n;
  const wanted = new Float32Array(d);
  const chosen: number[] = [];
  const taken = new Uint8Array(n);
  for (let round = 0; round < count; round++) {
    for (let k = 0; k < d; k++) wanted[k] = wanted[k]! + mean[k]!;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue;
      const gap = squaredDistance(points, i, wanted, 0, d, least);
      if (gap < least) [least, best] = [gap, i];
      if (pace.spent(d)) await pace.pause();
    }
    taken[best] = 1;
    chosen.push(best);
    for (let k = 0; k < d; k++) wanted[k] = wanted[k]! - points[best * d + k]!;
  }
  return chosen;
};

/** next = argmax_i min_chosen ‖x_i − x_j‖, started at a random point. */
export const kcenter: Selection = async (points, d, count, key, pace) => {
  const n = points.length / d;
  const nearest = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  const chosen = [key.integer(n)];
  const taken = new Uint8Array(n);
  taken[chosen[0]!] = 1;
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    let farthest = -1;
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue; // among copies of one point every distance is zero: still never the same one twice
      nearest[i] = Math.min(nearest[i]!, squaredDistance(points, i, points, last, d, nearest[i]));
      if (farthest < 0 || nearest[i]! > nearest[farthest]!) farthest = i;
      if (pace.spent(d)) await pace.pause();
    }
    taken[farthest] = 1;
    chosen.push(farthest);
  }
  return chosen;
};

/** Points of a class that k-means clusters at most, unless more centres are wanted: enough for stable centres. */
const clustered = 2000;

/** The point nearest to each k-means centre, every point at most once. */
export const kmeans: Selection = async (points, d, count, key, pace) => {
  const n = points.length / d;
  const sample = sampleOf(points, d, Math.max(clustered, count), key.fold("sample"));
  const centres = await kmeansCentres(sample, d, count, key, { pace });
  const distances = distancesFrom(points, d);
  try {
    return await nearestPoints(n, count, (await distances.to(centres)).of, { work: d, pace });
  } finally {
    distances.dispose();
  }
};

/** A sample of at most `most` points, drawn without replacement; the points themselves where there are no more. */
function sampleOf(points: Float32Array, d: number, most: number, key: RandomKey): Float32Array {
  const n = points.length / d;
  if (n <= most) return points;
  const out = new Float32Array(most * d);
  key.permutation(n, most).forEach((i, at) => {
    out.set(points.subarray(i * d, (i + 1) * d), at * d);
  });
  return out;
}

/** A uniform choice without replacement. */
export const random: Selection = async (points, d, count, key) => Array.from(key.permutation(points.length / d, count));
