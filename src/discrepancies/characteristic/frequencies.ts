import { randomKey, Tensor } from "../../engine/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows, sampled } from "../measures/index.ts";

/** Points of either measure that the median distance is taken over at most. */
const most = 250;

/**
 * Frequencies t ~ N(0, (scale / median)² I), `median` the median distance between points of both measures together: the
 * spectral measure of the Gaussian kernel of that bandwidth. [count, d]; the same for (a, b) and (b, a).
 */
export function frequencies(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  options: { readonly count: number; readonly scale: number; readonly seed: number },
): Tensor {
  const key = randomKey(options.seed).fold("frequencies");
  const d = asRows(a).shape[1]!;
  const median = medianDistance(a, b, options.seed);
  // Points no farther apart than float32's rounding of zero are one point at every frequency.
  const width = options.scale / (median > 1e-30 ? median : 1);
  const data = key.normal(options.count * d).map((v) => v * width);
  return new Tensor(data, [options.count, d], "float32");
}

/** Median Euclidean distance over the pairs of different points of both measures together; 0 where all points are one. */
export function medianDistance(a: EmpiricalMeasure, b: EmpiricalMeasure, seed: number): number {
  const key = randomKey(seed).fold("median distance");
  const rows = [a, b].map((side) => asRows(sampled(side, most, key).measure));
  const d = rows[0]!.shape[1]!;
  const points = rows.flatMap((t) =>
    Array.from({ length: t.shape[0]! }, (_, i) => t.data.subarray(i * d, (i + 1) * d)),
  );
  const distances: number[] = [];
  for (let i = 0; i < points.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [points[i]!, points[j]!];
      let squares = 0;
      for (let k = 0; k < d; k++) squares += (x[k]! - y[k]!) ** 2;
      if (squares > 0) distances.push(squares);
    }
  if (distances.length === 0) return 0;
  const sorted = Float64Array.from(distances).sort();
  return Math.sqrt(sorted[sorted.length >> 1]!);
}
