import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * A smooth surrogate of the Hausdorff distance for sets that are learned: maxima and minima become τ log Σ exp(·/τ), so
 * every point takes part in the gradient. Off d_H by at most τ log(n m) either way, hence equal to it as τ → 0.
 * x [n, d], y [m, d] → scalar. Consumes its arrays.
 */
export function softHausdorff(x: Traced, y: Traced, temperature: number): Traced {
  const distances = softDistances(x, y);
  const toY = softDirected(distances.ref, 1, temperature);
  const toX = softDirected(distances, 0, temperature);
  return softMaximum(np.stack([toY, toX]), 0, temperature);
}

/** ‖x_i − y_j‖, [n, m], rounded off below 10⁻³ where the root has no derivative. */
function softDistances(x: Traced, y: Traced): Traced {
  const own = np.sum(np.square(x.ref), 1).reshape([-1, 1]);
  const other = np.sum(np.square(y.ref), 1);
  const square = own.add(other).sub(np.matmul(x, y.transpose()).mul(2));
  return np.sqrt(np.maximum(square, 1e-6));
}

/** Soft maximum of the soft minima over `axis`. */
const softDirected = (distances: Traced, axis: number, temperature: number): Traced =>
  softMaximum(softMaximum(distances.mul(-1), axis, temperature).mul(-1), 0, temperature);

/** τ log Σ exp(v/τ) over an axis. Consumes v. */
function softMaximum(v: Traced, axis: number, temperature: number): Traced {
  const most = lax.stopGradient(np.max(v.ref, axis, { keepdims: true }));
  const sum = np.log(np.sum(np.exp(v.sub(most.ref).mul(1 / temperature)), axis));
  const shape = sum.shape;
  return sum.mul(temperature).add(most.reshape(shape));
}
