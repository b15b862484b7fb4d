import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * Both sets about the mean of y and in units of the root mean square distance between two points of y, which comes with
 * them; y has no gradient. Consumes both.
 */
export function inUnitsOf(y: Traced, x: Traced): { x: Traced; y: Traced; unit: Traced } {
  const points = lax.stopGradient(y);
  const centre = np.mean(points.ref, 0, { keepdims: true });
  const v = points.sub(centre.ref);
  const unit = np.sqrt(np.maximum(np.mean(np.sum(np.square(v.ref), 1)).mul(2), 1e-12));
  return { x: x.sub(centre).div(unit.ref), y: v.div(unit.ref), unit };
}
