/**
 * The basis of an inequality. "construction": both sides come from the same numbers, or its constant from the very pair it is
 * held against, so that only an error of the computation breaks it. "theorem": its constants are known beforehand and its
 * sides are computed apart. "held-out": its constant is an estimate from draws that neither side has seen, from below, so that
 * it may prove too small.
 */
export type Basis = "construction" | "theorem" | "held-out";

/** An inequality of the theory with both of its sides as computed. */
export interface Bound {
  readonly inequality: string;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
  readonly basis: Basis;
}

/** Both sides come from the same float32 outputs, added up in float64: only the order of summation separates them. */
const rounding = 1e-9;

/**
 * left <= right, up to rounding.
 *
 * @param slack how far apart rounding may put the sides where they do not come from the same numbers.
 */
export function bound(inequality: string, left: number, right: number, basis: Basis, slack = 0): Bound {
  const allowed = slack + rounding * Math.max(1, Math.abs(left), Math.abs(right));
  return { inequality, left, right, holds: left <= right + allowed, basis };
}
