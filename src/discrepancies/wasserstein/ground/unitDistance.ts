import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * Both sets about the mean of y and in units of the root mean square distance between them, which comes with them;
 * neither has a gradient. Consumes both.
 */
export function inUnitsOfTheMean(x: Traced, y: Traced): { x: Traced; y: Traced; unit: Traced } {
  const centre = lax.stopGradient(np.mean(y.ref, 0, { keepdims: true }));
  const [u, v] = [x.sub(centre.ref), y.sub(centre)];
  const norm = (rows: Traced) => np.mean(np.sum(np.square(rows), 1));
  // v has mean zero, so products of u and v add up to nothing.
  const unit = lax.stopGradient(np.sqrt(np.maximum(norm(u.ref).add(norm(v.ref)), 1e-12)));
  return { x: u.div(unit.ref), y: v.div(unit.ref), unit };
}
