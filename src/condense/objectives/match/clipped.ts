import { numpy as np } from "@jax-js/jax";
import type { Comparison } from "../../../discrepancies/index.ts";
import type { Features } from "../../../views/index.ts";

/**
 * A comparison of means whose averaged values are clipped, those of a sample together to norm `clip`: on both sides, so that
 * equal samples still agree, and with a bound that a privacy mechanism adds noise for. One that has a bound stays as it is.
 */
export function clipped(comparison: Comparison, clip: number): Comparison {
  if (comparison.bound) return comparison;
  const { lift } = comparison;
  return {
    ...comparison,
    lift: (values, draws) => clippedRows(lift ? lift(values, draws) : values, clip),
    bound: () => clip,
  };
}

/** Values [n, k] of any names, scaled row by row so that no row of all together is longer than `clip`. */
function clippedRows(values: Features, clip: number): Features {
  const squares = Object.values(values)
    .map((v) => np.sum(np.square(v.ref), 1, { keepdims: true }))
    .reduce((sum, own) => sum.add(own));
  const factor = np.minimum(1, np.divide(clip, np.sqrt(np.maximum(squares, 1e-30))));
  const scaled = Object.fromEntries(Object.entries(values).map(([name, v]) => [name, v.mul(factor.ref)]));
  factor.dispose();
  return scaled;
}
