import { bisected } from "./bisected.ts";
import { logNormalBelow } from "./normal.ts";

/**
 * The Gaussian mechanism without sampling, exactly (Balle and Wang 2018): noise of σ times the sensitivity is (ε, δ)-private
 * if and only if δ ≥ Φ(1/2σ − εσ) − e^ε Φ(−1/2σ − εσ). Several releases are one with σ = (Σ σ_k⁻²)^(−1/2).
 */
export function gaussianDelta(sigma: number, epsilon: number): number {
  const above = logNormalBelow(1 / (2 * sigma) - epsilon * sigma);
  const below = epsilon + logNormalBelow(-1 / (2 * sigma) - epsilon * sigma);
  return Math.exp(above) * -Math.expm1(Math.min(0, below - above));
}

/** The least ε of noise σ at δ; 0 where δ is so large that it hides everything. */
export function gaussianEpsilon(sigma: number, delta: number): number {
  if (gaussianDelta(sigma, 0) <= delta) return 0;
  let most = 1;
  while (gaussianDelta(sigma, most) > delta) most *= 2;
  return bisected((epsilon) => gaussianDelta(sigma, epsilon) <= delta, 0, most);
}

/** The least σ that is (ε, δ)-private. */
export function gaussianSigma(epsilon: number, delta: number): number {
  let most = 1;
  while (gaussianDelta(most, epsilon) > delta) most *= 2;
  return bisected((sigma) => gaussianDelta(sigma, epsilon) <= delta, 0, most);
}

/** The noise of one release that is as much as several of noise σ_k, σ_l, …: (Σ steps · σ⁻²)^(−1/2). */
export const joinedSigma = (releases: readonly { readonly sigma: number; readonly steps: number }[]): number =>
  1 / Math.sqrt(releases.reduce((sum, { sigma, steps }) => sum + steps / sigma ** 2, 0));
