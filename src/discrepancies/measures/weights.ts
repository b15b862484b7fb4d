import type { EmpiricalMeasure } from "../discrepancy.ts";

/** Weight of every point; sum 1. */
export function weightsOf({ points, weights }: EmpiricalMeasure): Float64Array {
  return weights ?? new Float64Array(points.shape[0]!).fill(1 / points.shape[0]!);
}

/** Weights as the engine's sums take them: float32, 1 on average, so that chunks of any size add up without loss. */
export function unitWeights(measure: EmpiricalMeasure): Float32Array {
  const count = measure.points.shape[0]!;
  const { weights } = measure;
  return weights ? Float32Array.from(weights, (w) => w * count) : new Float32Array(count).fill(1);
}
