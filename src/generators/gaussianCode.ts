import { numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * KL(N(μ, diag σ²) ‖ N(0, I)) of every sample (Kingma and Welling 2014): ½ Σ (μ² + σ² − 1 − log σ²), [n, m] and [n, m] → [n].
 * Consumes both.
 */
export function gaussianKl(mean: Traced, logVariance: Traced): Traced {
  const variance = np.exp(logVariance.ref);
  return np.sum(np.square(mean).add(variance).sub(1).sub(logVariance), 1).mul(0.5);
}

/** The reparametrised draw z = μ + σ ε. Consumes all three. */
export const reparametrised = (mean: Traced, logVariance: Traced, noise: Traced): Traced =>
  mean.add(np.exp(logVariance.mul(0.5)).mul(noise));
