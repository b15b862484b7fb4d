import { upperGamma } from "./gammaFunction.ts";
import { incompleteBeta } from "./incompleteBeta.ts";
import { inverse } from "./inverse.ts";

/** P(Z ≤ z) of the standard normal distribution, to full relative precision in both tails. */
export function normalBelow(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** The z below which a standard normal number lies with that probability; infinite for 0 and 1. */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return Number.NEGATIVE_INFINITY;
  if (probability >= 1) return Number.POSITIVE_INFINITY;
  return probability > 0.5 ? -normalQuantile(1 - probability) : inverse(normalBelow, probability, -40, 0);
}

/** P(χ² ≥ x) with so many degrees of freedom. */
export const chiSquaredAbove = (x: number, degrees: number): number => upperGamma(degrees / 2, x / 2);

/** P(F ≥ f) with degrees of freedom of the numerator and of the denominator. */
export const fAbove = (f: number, above: number, below: number): number =>
  f <= 0 ? 1 : incompleteBeta(below / (below + above * f), below / 2, above / 2);

/** P(|T| ≥ |t|) of Student's distribution. */
export const studentBeyond = (t: number, degrees: number): number =>
  incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);

/** The t beyond which, on either side together, Student's T lies with probability 1 − level: 2.776 for 0.95 and 4 degrees. */
export function studentHalfWidth(level: number, degrees: number): number {
  let most = 2;
  while (1 - studentBeyond(most, degrees) < level) most *= 2;
  return inverse((t) => 1 - studentBeyond(t, degrees), level, 0, most);
}
