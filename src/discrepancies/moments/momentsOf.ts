import type { Tensor } from "../../engine/index.ts";

/**
 * Moments of weighted points [n, d] in float64 on the host: entry 0 the means, entry k − 1 the central moments of order k
 * about them, each [d].
 */
export function momentsOf(points: Tensor, weights: Float64Array, order: number): Float64Array[] {
  const [n, d] = points.shape as [number, number];
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const [w, row] = [weights[i]!, points.data.subarray(i * d, (i + 1) * d)];
    for (let j = 0; j < d; j++) mean[j]! += w * row[j]!;
  }
  const moments = [mean, ...Array.from({ length: order - 1 }, () => new Float64Array(d))];
  if (order > 1)
    for (let i = 0; i < n; i++) {
      const [w, row] = [weights[i]!, points.data.subarray(i * d, (i + 1) * d)];
      for (let j = 0; j < d; j++) {
        const centred = row[j]! - mean[j]!;
        let power = w * centred;
        for (let k = 1; k < order; k++) {
          power *= centred;
          moments[k]![j]! += power;
        }
      }
    }
  return moments;
}
