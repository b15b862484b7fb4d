import { type Hypothesis, outputs } from "../criterion/hypothesis.ts";
import { losses } from "../criterion/losses.ts";
import { mean } from "../criterion/testLoss.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { parameterDiscrepancy, rowDistances } from "../generalization/readings.ts";
import { type Bound, bound } from "./bound.ts";
import { crossEntropyLipschitz, heldOutParameterSlope, parameterSlope } from "./lipschitz.ts";

/**
 * The bounds on the generalization discrepancy (§3) over a finite family H: h*_μ is the member of the smallest loss on μ, so
 * the paper's argument holds to the letter on the points at hand:
 * GD <= 2·D, GD <= L·VD <= L·C·PD, and D's mean reading below its supremum. L is the cross-entropy's own constant; C comes from
 * hypotheses and points that the bound is not held against, where there are any.
 *
 * @param family at least one hypothesis, all of one network.
 * @param heldOut points that C is estimated on; without them, or with fewer than two other hypotheses, it is the pair's own.
 */
export async function trainedBounds(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  family: readonly Hypothesis[],
  heldOut: readonly EmpiricalMeasure[] = [],
): Promise<Bound[]> {
  const onA: number[] = [];
  const onB: number[] = [];
  for (const hypothesis of family) {
    onA.push(mean(losses(await outputs(hypothesis, a), a.labels), a));
    onB.push(mean(losses(await outputs(hypothesis, b), b.labels), b));
  }
  const [bestA, bestB] = [smallest(onA), smallest(onB)];
  const [h, g] = [family[bestA]!, family[bestB]!];
  const differences = onA.map((loss, i) => Math.abs(loss - onB[i]!));
  const [sup, average] = [Math.max(...differences), differences.reduce((s, v) => s + v, 0) / differences.length];
  const gd = onA[bestB]! - onA[bestA]!;
  const [ofH, ofG] = [await outputs(h, a), await outputs(g, a)];
  const vd = rowDistances(ofH, ofG).reduce((most, v) => Math.max(most, v), 0);
  const l = crossEntropyLipschitz;
  const elsewhere = await heldOutParameterSlope(family, [h, g], heldOut);
  const c = elsewhere ?? (await parameterSlope(h, g, [a]));
  const pd = parameterDiscrepancy(h, g);
  return [
    bound("GD <= 2·D", gd, 2 * sup, "construction"),
    bound("mean of D over H <= D", average, sup, "construction"),
    bound("GD <= L·VD", gd, l * vd, "theorem"),
    bound("L·VD <= L·C·PD", l * vd, l * c * pd, elsewhere === undefined ? "construction" : "held-out"),
  ];
}

const smallest = (values: readonly number[]): number =>
  values.reduce((best, v, i) => (v < values[best]! ? i : best), 0);
