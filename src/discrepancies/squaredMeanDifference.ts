import { numpy as np, type Array as Traced } from "@jax-js/jax";

/** D(a, b) = ‖a − b‖², summed over all entries, no division by dimension (§5.1.4, distribution matching). */
export function squaredMeanDifference(a: Traced, b: Traced): Traced {
  const d = a.sub(b);
  return np.sum(d.ref.mul(d));
}

/** D(a, b) = ‖a − b‖₁, summed over all entries. */
export function absoluteMeanDifference(a: Traced, b: Traced): Traced {
  return np.sum(np.absolute(a.sub(b)));
}
