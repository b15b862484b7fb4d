import type { Tensor } from "../../engine/index.ts";
import { features, type Hypothesis, outputs } from "../criterion/hypothesis.ts";
import { losses } from "../criterion/losses.ts";
import type { Reading } from "../criterion/readings.ts";
import { type Sampled, sampledMean, weightsOf } from "../measures/index.ts";

/**
 * GD(μ₁, μ₂; H) = |φ(h*_μ₂, μ₁) − φ(h*_μ₁, μ₁)| (§3), with its standard error from sampling points of μ₁. Not symmetric: μ₁
 * is the target.
 */
export async function generalizationDiscrepancy(
  target: Sampled,
  trainedOnTarget: Hypothesis,
  trainedOnOther: Hypothesis,
): Promise<Reading> {
  const { measure, share } = target;
  const own = losses(await outputs(trainedOnTarget, measure), measure.labels);
  const other = losses(await outputs(trainedOnOther, measure), measure.labels);
  const { mean, stderr } = sampledMean(
    other.map((loss, i) => loss - own[i]!),
    weightsOf(measure),
    share,
  );
  return { value: Math.abs(mean), stderr };
}

/** The sup norm over the points seen, and the mean norm with its standard error. */
export interface ValueDiscrepancy {
  readonly sup: number;
  readonly mean: Reading;
}

/** VD(μ₁, μ₂; H) = ‖h*_μ₁ − h*_μ₂‖ (§3): Euclidean norms of the difference of outputs, over the points of both measures. */
export async function valueDiscrepancy(
  sides: readonly Sampled[],
  h: Hypothesis,
  g: Hypothesis,
): Promise<ValueDiscrepancy> {
  return overSides(sides, (measure) => Promise.all([outputs(h, measure), outputs(g, measure)]));
}

/** The same for the features before the last layer (§5.1.2, feature matching compares them). */
export async function featureDiscrepancy(
  sides: readonly Sampled[],
  h: Hypothesis,
  g: Hypothesis,
): Promise<ValueDiscrepancy> {
  return overSides(sides, (measure) => Promise.all([features(h, measure), features(g, measure)]));
}

/** PD(μ₁, μ₂; H) = ‖θ*_μ₁ − θ*_μ₂‖₂ over all parameters of one architecture (§3). */
export function parameterDiscrepancy(h: Hypothesis, g: Hypothesis): number {
  let squares = 0;
  for (const [layer, tensors] of Object.entries(h.params))
    for (const [name, { data }] of Object.entries(tensors)) {
      const other = g.params[layer]![name]!.data;
      for (let i = 0; i < data.length; i++) squares += (data[i]! - other[i]!) ** 2;
    }
  return Math.sqrt(squares);
}

/** Euclidean norms of the rows of x − y. */
export function rowDistances(x: Tensor, y: Tensor): Float64Array {
  const n = x.shape[0]!;
  const width = x.data.length / n;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let j = i * width; j < (i + 1) * width; j++) squares += (x.data[j]! - y.data[j]!) ** 2;
    out[i] = Math.sqrt(squares);
  }
  return out;
}

async function overSides(
  sides: readonly Sampled[],
  values: (measure: Sampled["measure"]) => Promise<[Tensor, Tensor]>,
): Promise<ValueDiscrepancy> {
  let [sup, mean, variance] = [0, 0, 0];
  for (const { measure, share } of sides) {
    const [x, y] = await values(measure);
    const distances = rowDistances(x, y);
    for (const distance of distances) sup = Math.max(sup, distance);
    const own = sampledMean(distances, weightsOf(measure), share);
    mean += own.mean / sides.length;
    variance += (own.stderr / sides.length) ** 2;
  }
  return { sup, mean: { value: mean, stderr: Math.sqrt(variance) } };
}
