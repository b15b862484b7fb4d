import { Pace, type RandomKey } from "../engine/index.ts";
import { type Distances, type DistancesTo, distancesFrom } from "./distances.ts";

/**
 * Finds the centre nearest to every point: `before` are the positions of the last round, −1 each in the first, and `centres` are
 * [count, d].
 */
export type Assignment = (centres: Float32Array, before: Int32Array) => Promise<Int32Array>;

/**
 * Lloyd's algorithm on n points of dimension d, started at `count` random points.
 *
 * @param options `assign` stands in for the search in float64 on the host.
 * @returns the centres, [count, d]; an emptied cluster keeps its centre. Rejects with the reason of an aborted signal.
 */
export async function kmeansCentres(
  points: Float32Array,
  d: number,
  count: number,
  key: RandomKey,
  options: { readonly rounds?: number; readonly pace?: Pace; readonly assign?: Assignment } = {},
): Promise<Float32Array> {
  const { rounds = 10, pace = new Pace() } = options;
  const n = points.length / d;
  const centres = new Float32Array(count * d);
  key.permutation(n, count).forEach((i, k) => {
    centres.set(points.subarray(i * d, (i + 1) * d), k * d);
  });
  let nearest = new Int32Array(n).fill(-1);
  const distances = distancesFrom(points, d);
  const assign = options.assign ?? onTheHost(distances.to, d, pace);
  try {
    for (let round = 0; round < rounds; round++) {
      const next = await assign(centres, nearest);
      if (next.every((k, i) => k === nearest[i])) break;
      nearest = Int32Array.from(next);
      recentre(points, nearest, centres, d);
    }
  } finally {
    distances.dispose();
  }
  return centres;
}

/** The search by distances in float64, each cut short where another centre is nearer. */
const onTheHost =
  (to: Distances["to"], d: number, pace: Pace): Assignment =>
  async (centres, before) => {
    const count = centres.length / d;
    const distances = await to(centres);
    const nearest = new Int32Array(before.length);
    for (let i = 0; i < nearest.length; i++) {
      const sure = distances.surelyNearest(i);
      nearest[i] = sure >= 0 ? sure : searched(distances, i, count, Math.max(0, before[i]!));
      if (pace.spent(sure >= 0 ? count : count * d)) await pace.pause();
    }
    return nearest;
  };

/** The centre nearest to point i, sought from last round's: it makes a tight bound for the others. */
function searched(distances: DistancesTo, i: number, count: number, last: number): number {
  let best = last;
  let least = distances.of(i, best);
  for (let k = 0; k < count; k++) {
    if (k === last) continue;
    const gap = distances.of(i, k, least);
    if (gap < least) [least, best] = [gap, k];
  }
  return best;
}

/** Makes every centre the mean of its points; one without points stays. */
function recentre(points: Float32Array, nearest: Int32Array, centres: Float32Array, d: number): void {
  const count = centres.length / d;
  const sums = new Float64Array(count * d);
  const sizes = new Int32Array(count);
  for (let i = 0; i < nearest.length; i++) {
    const k = nearest[i]!;
    sizes[k]!++;
    const end = (k + 1) * d;
    for (let at = k * d, from = i * d; at < end; at++, from++) sums[at]! += points[from]!;
  }
  sizes.forEach((size, k) => {
    if (size > 0) for (let j = 0; j < d; j++) centres[k * d + j] = sums[k * d + j]! / size;
  });
}

/**
 * The points nearest to each of `count` centres, `each` of them a centre, every point at most once.
 *
 * @param distance from point i to centre k; one above `bound` may be any number above it.
 * @param pace counts `work` for a distance.
 */
export async function nearestPoints(
  n: number,
  count: number,
  distance: (i: number, k: number, bound: number) => number,
  {
    each = 1,
    work = 1,
    pace = new Pace(),
  }: { readonly each?: number; readonly work?: number; readonly pace?: Pace } = {},
): Promise<number[]> {
  const taken = new Set<number>();
  for (let k = 0; k < count; k++)
    for (let turn = 0; turn < each && taken.size < n; turn++) {
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < n; i++) {
        if (taken.has(i)) continue;
        const gap = distance(i, k, least);
        if (gap < least) [least, best] = [gap, i];
        if (pace.spent(work)) await pace.pause();
      }
      taken.add(best);
    }
  return [...taken];
}
