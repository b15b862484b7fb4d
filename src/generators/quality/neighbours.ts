import { squaredDistance } from "../../discrepancies/squaredDistance.ts";
import type { Pace, Tensor } from "../../engine/index.ts";

/** Neighbours whose distance is the radius of a point's ball (Kynkäänniemi et al. 2019). */
const k = 3;

/** Precision: the share of `made` within the balls of `real`. Recall: the share of `real` within the balls of `made`. */
export interface PrecisionAndRecall {
  readonly precision: number;
  readonly recall: number;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019): every point of a set has a ball that reaches its third nearest neighbour in
 * the set, and the balls stand for the set's support.
 *
 * @param real [n, d] @param made [m, d]
 */
export async function precisionAndRecall(real: Tensor, made: Tensor, pace: Pace): Promise<PrecisionAndRecall> {
  const covered = async (points: Tensor, balls: Tensor) => {
    const radii = await squaredRadii(balls, pace);
    const d = balls.shape[1]!;
    let within = 0;
    for (let i = 0; i < points.shape[0]!; i++) {
      for (let j = 0; j < radii.length; j++)
        if (squaredDistance(rowsOf(points), i, rowsOf(balls), j, d) <= radii[j]!) {
          within++;
          break;
        }
      if (pace.spent(radii.length * d)) await pace.pause();
    }
    return within / points.shape[0]!;
  };
  return { precision: await covered(made, real), recall: await covered(real, made) };
}

const rowsOf = ({ data }: Tensor) => data as Float32Array;

/** The squared distance of every point to its k-th nearest neighbour among the others. */
async function squaredRadii(points: Tensor, pace: Pace): Promise<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const radii = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const nearest: number[] = [];
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const bound = nearest.length < k ? Number.POSITIVE_INFINITY : nearest[k - 1]!;
      const gap = squaredDistance(rowsOf(points), i, rowsOf(points), j, d, bound);
      if (gap >= bound) continue;
      nearest.push(gap);
      nearest.sort((a, b) => a - b);
      nearest.length = Math.min(k, nearest.length);
    }
    radii[i] = nearest.at(-1) ?? 0;
    if (pace.spent(n * d)) await pace.pause();
  }
  return radii;
}

/** The distance of every point to the nearest one of a set, [n, d] and [m, d]. */
export async function nearestDistances(points: Tensor, set: Tensor, pace: Pace): Promise<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < set.shape[0]!; j++)
      least = Math.min(least, squaredDistance(rowsOf(points), i, rowsOf(set), j, d, least));
    out[i] = Math.sqrt(least);
    if (pace.spent(set.shape[0]! * d)) await pace.pause();
  }
  return out;
}

/** The middle value, of an even number the mean of both. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}
