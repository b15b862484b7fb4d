import { inverse } from "./inverse.ts";
import { normalBelow } from "./tails.ts";

/** Steps of the integral; the integrand is smooth and ends in nothing, so that the plain sum is exact to rounding. */
const step = 0.05;
const reach = 9;

/**
 * P(range of k standard normal numbers ≤ r), the studentised range with infinite degrees of freedom:
 * k ∫ φ(z) [Φ(z) − Φ(z − r)]^(k−1) dz.
 */
export function rangeBelow(r: number, k: number): number {
  if (!(r > 0)) return 0;
  let sum = 0;
  for (let z = -reach; z <= reach; z += step)
    sum += Math.exp((-z * z) / 2) * (normalBelow(z) - normalBelow(z - r)) ** (k - 1);
  return Math.min(1, (k * sum * step) / Math.sqrt(2 * Math.PI));
}

/** The range below which that of k standard normal numbers lies with a probability. */
export const rangeQuantile = (probability: number, k: number): number =>
  inverse((r) => rangeBelow(r, k), probability, 0, 20);
