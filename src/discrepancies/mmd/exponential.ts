import { AttarError } from "../../engine/index.ts";
import type { Discrepancy, Setting } from "../discrepancy.ts";
import { comparable, isUniform } from "./points.ts";
import { quadraticMmd } from "./quadratic.ts";
import { bandwidth, exponent, exponentialOf, unbiased } from "./settings.ts";
import { root } from "./squared.ts";

/** MMD over all pairs under exp(−c‖x − y‖^γ), γ fixed or a setting. */
function exponentialMmd(name: string, title: string, gamma: number | Setting): Discrepancy {
  const power = typeof gamma === "number" ? { 1: "‖x−y‖", 2: "‖x−y‖²" }[gamma] : "‖x−y‖^γ";
  return {
    name,
    title,
    formula: `‖E_a k(x,·) − E_b k(y,·)‖, k(x,y) = exp(−c ${power})`,
    reference: "§2, eq. (1)",
    labelAware: false,
    needsImages: false,
    settings: { ...(typeof gamma === "number" ? {} : { gamma }), c: bandwidth, unbiased },
    async measure(a, b, context) {
      const estimator = context.settings.unbiased === 1 ? "unbiased" : "biased";
      const pair = comparable(a, b, { points: estimator === "unbiased" ? 2 : 1, why: "the unbiased estimator" });
      if (estimator === "unbiased" && !(isUniform(pair.a) && isUniform(pair.b)))
        throw new AttarError(
          "bad-measure",
          "the unbiased estimator needs points of equal weight",
          "Use the biased one, which takes weights.",
        );
      const { kernel, text } = exponentialOf(
        typeof gamma === "number" ? gamma : context.settings.gamma!,
        pair,
        context,
      );
      const squared = await quadraticMmd(kernel, pair.a, pair.b, { estimator, signal: context.signal });
      return { ...root(squared), estimator: `${estimator}, all pairs, ${text}, error of sampling` };
    },
  };
}

export const mmd = exponentialMmd("mmd", "Maximum mean discrepancy, Gaussian kernel", 2);
export const mmdLaplacian = exponentialMmd("mmd-laplacian", "Maximum mean discrepancy, Laplacian kernel", 1);
export const mmdGamma = exponentialMmd("mmd-gamma", "Maximum mean discrepancy, γ-exponential kernel", exponent);
