import type { EmpiricalMeasure } from "../discrepancy.ts";
import { weightsOf } from "../measures/index.ts";
import { type Hypothesis, outputs } from "./hypothesis.ts";
import { losses } from "./losses.ts";

/** A criterion φ as the losses whose weighted mean it is, one a point. */
export type PointwiseCriterion = (hypothesis: Hypothesis, measure: EmpiricalMeasure) => Promise<Float64Array>;

/** ℓ(h(x), y) of every point: cross-entropy in nats. */
export const pointwiseLoss: PointwiseCriterion = async (hypothesis, measure) =>
  losses(await outputs(hypothesis, measure), measure.labels);

/** φ(h, μ) = E_μ ℓ(h(x), y), the test loss (§2). */
export async function testLoss(hypothesis: Hypothesis, measure: EmpiricalMeasure): Promise<number> {
  return mean(await pointwiseLoss(hypothesis, measure), measure);
}

/** Σ wᵢ vᵢ. */
export function mean(values: Float64Array, measure: EmpiricalMeasure): number {
  const weights = weightsOf(measure);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
  return sum;
}
