import { type Discrepancy, measured } from "../discrepancy.ts";
import { linearTimeMmd } from "./linearTime.ts";
import { bandwidth, exponentialOf, keyOf, traits } from "./options.ts";
import { pairOf } from "./points.ts";
import { root } from "./squared.ts";

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
