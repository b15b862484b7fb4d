import { Pace } from "../engine/index.ts";

/**
 * The distance from each row to the nearest of others, Euclidean.
 *
 * @param rows [n, d]
 * @param others [m, d]
 * @param skip whether a row is one of the others at its own place, and no neighbour of itself
 */
export async function nearestDistances(
  rows: Float32Array,
  others: Float32Array,
  d: number,
  { skip = false, signal }: { readonly skip?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<Float64Array> {
  const pace = new Pace(signal);
  const out = new Float64Array(rows.length / d);
  for (let i = 0; i < out.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j * d < others.length; j++) {
      if (skip && i === j) continue;
      let sum = 0;
      for (let k = 0; k < d && sum < least; k++) {
        const difference = rows[i * d + k]! - others[j * d + k]!;
        sum += difference * difference;
      }
      least = Math.min(least, sum);
    }
    out[i] = Math.sqrt(least);
    if (pace.spent(others.length)) await pace.pause();
  }
  return out;
}

/** The value below which a share of values lies. */
export function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
