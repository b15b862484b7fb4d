import type { RandomKey } from "../../engine/index.ts";
import { type Kernel, rowsOf, type WeightedPoints } from "../../hypotheses/kernels/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { bandwidth, exponentialOf, keyOf, traits } from "./options.ts";
import { pairOf } from "./points.ts";
import { meanOf, root, type SquaredMmd } from "./squared.ts";

/**
 * The linear-time estimate of MMD² (Gretton et al. 2012, §6): the mean of
 *
 *   h = k(x, x′) + k(y, y′) − k(x, y′) − k(x′, y)
 *
 * over disjoint random pairs of points, as many as the smaller set has, in float64. Unbiased, with the sample variance of h.
 * Equal weights only.
 */
export function linearTimeMmd(
  exact: NonNullable<Kernel["exact"]>,
  a: WeightedPoints,
  b: WeightedPoints,
  key: RandomKey,
): SquaredMmd {
  const terms = Math.min(a.weights.length, b.weights.length) >> 1;
  // One key for both sides: the distance does not depend on their order.
  const point = ({ points, weights }: WeightedPoints) => {
    const order = key.permutation(weights.length, 2 * terms);
    return (i: number) => rowsOf(points.rows(order[i]!, order[i]! + 1));
  };
  const [x, y] = [point(a), point(b)];
  const h = Float64Array.from({ length: terms }, (_, t) => {
    const [x1, x2, y1, y2] = [x(2 * t), x(2 * t + 1), y(2 * t), y(2 * t + 1)];
    return exact(x1, x2)[0]! + exact(y1, y2)[0]! - exact(x1, y2)[0]! - exact(x2, y1)[0]!;
  });
  return meanOf(h);
}

/** Gaussian MMD by the linear-time estimator. */
export const mmdLinear = {
  title: "Maximum mean discrepancy, Gaussian kernel, linear time",
  formula: "√ mean of k(x,x′) + k(y,y′) − k(x,y′) − k(x′,y) over disjoint pairs",
  reference: "§2, eq. (1)",
  options: {},
  measured: measured({
    ...traits,
    options: { c: bandwidth },
    async measure(a, b, { c }, context) {
      const pair = pairOf(a, b, { points: 4, uniform: true, why: "the linear-time estimator with its standard error" });
      const { kernel, text } = exponentialOf(2, c, pair, context);
      const squared = linearTimeMmd(kernel.exact!, pair.a, pair.b, keyOf(context, "pairs"));
      const terms = Math.min(pair.a.weights.length, pair.b.weights.length) >> 1;
      return { ...root(squared), estimator: `unbiased, ${terms} disjoint pairs, ${text}, error of sampling` };
    },
  }),
} satisfies Discrepancy;
