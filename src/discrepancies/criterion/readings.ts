import { type MeanEstimate, overRepeats, type Sampled, sampledMean, weightsOf } from "../measures/index.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { PointwiseCriterion } from "./testLoss.ts";

/** |φ(h, μ₁) − φ(h, μ₂)| and its standard error from sampling points. */
export interface Reading {
  readonly value: number;
  readonly stderr: number;
}

/** D(μ₁, μ₂; h) = |φ(h, μ₁) − φ(h, μ₂)|, the model-specific discrepancy (§2). */
export async function modelSpecific(
  criterion: PointwiseCriterion,
  hypothesis: Hypothesis,
  a: Sampled,
  b: Sampled,
): Promise<Reading> {
  const [x, y] = [await estimate(criterion, hypothesis, a), await estimate(criterion, hypothesis, b)];
  return { value: Math.abs(x.mean - y.mean), stderr: Math.hypot(x.stderr, y.stderr) };
}

/** The two model-agnostic readings over a finite family H (§2). */
export interface ModelAgnostic {
  /** max over H of D(μ₁, μ₂; h): a lower bound of the supremum over every hypothesis space that holds the family. */
  readonly sup: Reading;
  /** Mean over H of D(μ₁, μ₂; h), with the standard error of the spread over H and of sampling points. */
  readonly mean: Reading;
}

/** D(μ₁, μ₂; H), read as the supremum and as the mean over a non-empty family. */
export async function modelAgnostic(
  criterion: PointwiseCriterion,
  family: readonly Hypothesis[],
  a: Sampled,
  b: Sampled,
): Promise<ModelAgnostic> {
  const readings: Reading[] = [];
  for (const hypothesis of family) readings.push(await modelSpecific(criterion, hypothesis, a, b));
  return { sup: readings.reduce((most, r) => (r.value > most.value ? r : most)), mean: overRepeats(readings) };
}

async function estimate(
  criterion: PointwiseCriterion,
  hypothesis: Hypothesis,
  { measure, share }: Sampled,
): Promise<MeanEstimate> {
  return sampledMean(await criterion(hypothesis, measure), weightsOf(measure), share);
}
