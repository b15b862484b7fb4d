import { type RandomKey, randomKey } from "../../engine/index.ts";
import { exponentialKernel, medianHeuristic } from "../../hypotheses/kernels/index.ts";
import type { MeasureContext, Setting } from "../discrepancy.ts";
import type { Pair } from "./points.ts";

export const bandwidth: Setting = {
  default: 0,
  meaning: "c of exp(-c‖x−y‖^γ); 0 for 1/(2 m^γ) with m the median distance between points of both sets",
  takes: "a number above 0, or 0 for the median heuristic",
  accepts: (c) => c >= 0 && Number.isFinite(c),
};

export const exponent: Setting = {
  default: 1.5,
  meaning: "γ of exp(-c‖x−y‖^γ); 1 is the Laplacian kernel, 2 the Gaussian",
  takes: "a number above 0 and at most 2",
  accepts: (gamma) => gamma > 0 && gamma <= 2,
};

export const unbiased: Setting = {
  default: 0,
  meaning:
    "1 leaves out pairs of a point with itself: the distance of the distributions behind the sets, 0 that of the sets",
  takes: "0 or 1",
  accepts: (value) => value === 0 || value === 1,
};

/** A whole number from `least`. */
export const count = (value: number, least: number, meaning: string): Setting => ({
  default: value,
  meaning,
  takes: `a whole number from ${least}`,
  accepts: (given) => Number.isInteger(given) && given >= least,
});

/** The key of one purpose of a measurement. */
export const keyOf = (context: MeasureContext, purpose: string): RandomKey =>
  randomKey(context.seed).fold("mmd").fold(purpose);

/**
 * The γ-exponential kernel that the settings ask for, with the median heuristic where c is 0.
 *
 * @throws AttarError "invalid-kernel" or "no-bandwidth".
 */
export function exponentialOf(gamma: number, { a, b }: Pair, context: MeasureContext) {
  const given = context.settings.c ?? 0;
  const c = given === 0 ? medianHeuristic(a.points, b.points, gamma, keyOf(context, "bandwidth")) : given;
  return { kernel: exponentialKernel(gamma, c), c, text: `c = ${c.toPrecision(3)}` };
}
