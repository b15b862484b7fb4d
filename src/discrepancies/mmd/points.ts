import { AttarError } from "../../engine/index.ts";
import type { WeightedPoints } from "../../hypotheses/kernels/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { weightsOf } from "../measures/index.ts";

/** Both measures as weighted points. */
export interface Pair {
  readonly a: WeightedPoints;
  readonly b: WeightedPoints;
}

/**
 * The two measures as weighted points.
 *
 * @param least points that each side needs, and equal weights where `uniform`; `why` names the estimator that does.
 * @throws AttarError "bad-measure" for a side with fewer points, or unequal weights.
 */
export function pairOf(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  least: { readonly points: number; readonly uniform?: boolean; readonly why: string } = { points: 1, why: "MMD" },
): Pair {
  const weighted = (measure: EmpiricalMeasure): WeightedPoints => {
    const { name, points } = measure;
    const [n, weights] = [points.shape[0]!, weightsOf(measure)];
    const refuse = (what: string) =>
      new AttarError("bad-measure", what, "Use mmd with its default options, which takes weights and single points.");
    if (n < least.points)
      throw refuse(`${name} holds ${n === 1 ? "one point" : `${n} points`}, and ${least.why} needs ${least.points}`);
    if (least.uniform && weights.some((w) => w !== weights[0]))
      throw refuse(`the points of ${name} differ in weight, and ${least.why} needs points of equal weight`);
    return { points, weights };
  };
  return { a: weighted(a), b: weighted(b) };
}
