import type { WeightedPoints } from "./weightedPoints.ts";

/** E ‖x − y‖² over independent x of a and y of b, from the moments of the two: the scale of Euclidean costs. */
export function meanSquaredDistance(a: WeightedPoints, b: WeightedPoints): number {
  const [x, y] = [moments(a), moments(b)];
  let between = 0;
  for (let k = 0; k < a.dimension; k++) between += (x.mean[k]! - y.mean[k]!) ** 2;
  return x.variance + y.variance + between;
}

function moments({ data, weights, count, dimension: d }: WeightedPoints): { mean: Float64Array; variance: number } {
  const mean = new Float64Array(d);
  for (let i = 0; i < count; i++) for (let k = 0; k < d; k++) mean[k] = mean[k]! + weights[i]! * data[i * d + k]!;
  let variance = 0;
  for (let i = 0; i < count; i++)
    for (let k = 0; k < d; k++) variance += weights[i]! * (data[i * d + k]! - mean[k]!) ** 2;
  return { mean, variance };
}
