import { Pace } from "../engine/index.ts";
import { squaredDistance } from "./squaredDistance.ts";

export interface NearestOptions {
  /** A row is one of the others at its own place, and no neighbour of itself; false where left out. */
  readonly skip?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The Euclidean distance from each row to the nearest of others; ∞ where there are none.
 *
 * @param rows [n, d]
 * @param others [m, d]
 * @throws the signal's reason when it is aborted.
 */
export async function nearestDistances(
  rows: Float32Array,
  others: Float32Array,
  d: number,
  { skip = false, signal }: NearestOptions = {},
): Promise<Float64Array> {
  const pace = new Pace(signal);
  const out = new Float64Array(rows.length / d);
  const count = others.length / d;
  for (let i = 0; i < out.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < count; j++)
      if (!(skip && i === j)) least = Math.min(least, squaredDistance(rows, i, others, j, d, least));
    out[i] = Math.sqrt(least);
    if (pace.spent(others.length)) await pace.pause();
  }
  return out;
}
