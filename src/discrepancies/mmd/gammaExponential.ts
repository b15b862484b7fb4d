import { type Resolved, work } from "../../engine/index.ts";
import {
  type Discrepancy,
  type EmpiricalMeasure,
  type Estimate,
  type MeasureContext,
  measured,
} from "../discrepancy.ts";
import { bandwidth, exponent, exponentialOf, traits, unbiased } from "./options.ts";
import { pairOf } from "./points.ts";
import { quadraticMmd } from "./quadratic.ts";
import { root } from "./squared.ts";
import { tracedMmd } from "./traced.ts";

const options = { c: bandwidth, unbiased };

/** MMD over all pairs under exp(−c‖x − y‖^γ). */
async function exponentialMmd(
  gamma: number,
  [a, b]: readonly [EmpiricalMeasure, EmpiricalMeasure],
  { c, unbiased }: Resolved<typeof options>,
  context: MeasureContext,
): Promise<Estimate> {
  const estimator = unbiased ? "unbiased" : "biased";
  const pair = pairOf(a, b, unbiased ? { points: 2, uniform: true, why: "the unbiased estimator" } : undefined);
  const { kernel, text } = exponentialOf(gamma, c, pair, context);
  const squared = await quadraticMmd(kernel, pair.a, pair.b, { estimator, signal: context.signal });
  return { ...root(squared), estimator: `${estimator}, all pairs, ${text}, error of sampling` };
}

const withGamma = (gamma: number) =>
  measured({ ...traits, options, measure: (a, b, values, context) => exponentialMmd(gamma, [a, b], values, context) });

const words = (kernel: string, power: string) => ({
  title: `Maximum mean discrepancy, ${kernel} kernel`,
  formula: `‖E_a k(x,·) − E_b k(y,·)‖, k(x,y) = exp(−c ${power})`,
  reference: "§2, eq. (1)",
  options: {},
});

export const mmd = {
  ...words("Gaussian", "‖x−y‖²"),
  citation: [
    work(
      "A. Gretton, K. M. Borgwardt, M. J. Rasch, B. Schölkopf and A. Smola",
      2012,
      "A Kernel Two-Sample Test",
      "Journal of Machine Learning Research 13:723–773",
    ),
    work(
      "H. Zhang, S. Li, P. Wang, D. Zeng and S. Ge",
      2024,
      "M3D: Dataset Condensation by Minimizing Maximum Mean Discrepancy",
      "AAAI",
    ),
  ],
  traced: tracedMmd,
  measured: withGamma(2),
} satisfies Discrepancy;

export const mmdLaplacian = { ...words("Laplacian", "‖x−y‖"), measured: withGamma(1) } satisfies Discrepancy;

export const mmdGamma = {
  ...words("γ-exponential", "‖x−y‖^γ"),
  measured: measured({
    ...traits,
    options: { gamma: exponent(1.5), ...options },
    measure: (a, b, { gamma, ...values }, context) => exponentialMmd(gamma, [a, b], values, context),
  }),
} satisfies Discrepancy;
