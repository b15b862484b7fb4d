import { integer, work } from "../../engine/index.ts";
import { polynomialKernel } from "../../hypotheses/kernels/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { traits, unbiased } from "./options.ts";
import { pairOf } from "./points.ts";
import { quadraticMmd } from "./quadratic.ts";
import { root } from "./squared.ts";

/** MMD under a polynomial kernel: of a classifier's features, unbiased, it judges generators (Bińkowski et al. 2018). */
export const mmdPolynomial = {
  title: "Maximum mean discrepancy, polynomial kernel",
  formula: "‖E_a k(x,·) − E_b k(y,·)‖, k(x,y) = (x·y / d + 1)^degree",
  reference: "§2, eq. (1)",
  citation: work("M. Bińkowski, D. J. Sutherland, M. Arbel and A. Gretton", 2018, "Demystifying MMD GANs", "ICLR"),
  options: {},
  measured: measured({
    ...traits,
    options: { degree: integer(3, 1, 8, "degree of the kernel"), unbiased },
    async measure(a, b, { degree, unbiased }, context) {
      const estimator = unbiased ? "unbiased" : "biased";
      const pair = pairOf(a, b, unbiased ? { points: 2, uniform: true, why: "the unbiased estimator" } : undefined);
      const squared = await quadraticMmd(polynomialKernel(degree), pair.a, pair.b, {
        estimator,
        signal: context.signal,
      });
      return { ...root(squared), estimator: `${estimator}, all pairs, degree ${degree}, error of sampling` };
    },
  }),
} satisfies Discrepancy;
