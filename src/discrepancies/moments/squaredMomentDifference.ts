import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { centralMoments } from "./centralMoments.ts";

/**
 * Σ_{k ≤ order} ‖m_k(x) − m_k(y)‖² of two sets [n, d] and [m, d]: order 1 matches means, order 2 means and variances, as
 * Teddy does (§5.1.4, Yu et al. 2024). A scalar; consumes both.
 */
export function squaredMomentDifference(x: Traced, y: Traced, order = 2): Traced {
  return np.sum(np.square(centralMoments(x, order).sub(centralMoments(y, order))));
}
