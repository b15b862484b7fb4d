import { flag, number, type RandomKey, randomKey } from "../../engine/index.ts";
import { exponentialKernel, medianHeuristic } from "../../hypotheses/kernels/index.ts";
import type { MeasureContext } from "../discrepancy.ts";
import type { Pair } from "./points.ts";

export const bandwidth = number(
  0,
  0,
  undefined,
  "c of exp(-c‖x−y‖^γ); 0 for 1/(2 m^γ) with m the median distance between points of both sets",
);

/** γ, by default `value`. */
export const exponent = (value: number) =>
  number(value, 1e-6, 2, "γ of exp(-c‖x−y‖^γ); 1 is the Laplacian kernel, 2 the Gaussian");

export const unbiased = flag(
  false,
  "whether pairs of a point with itself are left out: the distance of the distributions behind the sets, or that of the sets",
);

/** The key of one purpose of a measurement. */
export const keyOf = (context: MeasureContext, purpose: string): RandomKey =>
  randomKey(context.seed).fold("mmd").fold(purpose);

/**
 * The γ-exponential kernel of a bandwidth c, the median heuristic's where c is 0.
 *
 * @throws AttarError "invalid-kernel" or "no-bandwidth".
 */
export function exponentialOf(gamma: number, given: number, { a, b }: Pair, context: MeasureContext) {
  const c = given === 0 ? medianHeuristic(a.points, b.points, gamma, keyOf(context, "bandwidth")) : given;
  return { kernel: exponentialKernel(gamma, c), c, text: `c = ${c.toPrecision(3)}` };
}

/** The traits that all measured faces of MMD have in common. */
export const traits = { labelAware: false, needsImages: false };
