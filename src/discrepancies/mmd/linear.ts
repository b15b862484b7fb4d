import { AttarError } from "../../engine/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { linearTimeMmd } from "./linearTime.ts";
import { comparable, isUniform } from "./points.ts";
import { bandwidth, exponentialOf, keyOf } from "./settings.ts";
import { root } from "./squared.ts";

/** Gaussian MMD by the linear-time estimator. */
export const mmdLinear: Discrepancy = {
  name: "mmd-linear",
  title: "Maximum mean discrepancy, Gaussian kernel, linear time",
  formula: "√ mean of k(x,x′) + k(y,y′) − k(x,y′) − k(x′,y) over disjoint pairs",
  reference: "§2, eq. (1)",
  labelAware: false,
  needsImages: false,
  settings: { c: bandwidth },
  async measure(a, b, context) {
    const pair = comparable(a, b, { points: 4, why: "the linear-time estimator with its standard error" });
    if (!isUniform(pair.a) || !isUniform(pair.b))
      throw new AttarError(
        "bad-measure",
        "the linear-time estimator needs points of equal weight",
        "Use mmd, which takes weights.",
      );
    const { kernel, text } = exponentialOf(2, pair, context);
    const squared = linearTimeMmd(kernel.exact!, pair.a, pair.b, keyOf(context, "pairs"));
    const terms = Math.min(pair.a.weights.length, pair.b.weights.length) >> 1;
    return { ...root(squared), estimator: `unbiased, ${terms} disjoint pairs, ${text}, error of sampling` };
  },
};
