import { numpy as np, type Array as Traced } from "@jax-js/jax";

/** Added to every variance. */
export const epsilon = 1e-5;

/** x − mean and 1/√(variance + 1e-5) over `axes` of `count` elements in all, axes kept; the variance is the biased one. */
export function standardised(x: Traced, axes: number[], count: number): { centred: Traced; scale: Traced } {
  const mean = np.sum(x.ref, axes, { keepdims: true }).mul(1 / count);
  const centred = x.sub(mean);
  const variance = np.sum(np.square(centred.ref), axes, { keepdims: true }).mul(1 / count);
  return { centred, scale: np.reciprocal(np.sqrt(variance.add(epsilon))) };
}
