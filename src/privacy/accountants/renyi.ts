import { logErfc } from "./normal.ts";
import type { Relation, Releases } from "./release.ts";

/**
 * Rényi privacy of the Poisson-sampled Gaussian mechanism (Mironov, Talwar and Zhang 2019), and the ε that follows from it
 * (Balle et al. 2020; Canonne, Kamath and Steinke 2020). An upper bound that costs nothing; far off where few images enter
 * few releases, so that it is the accountants' check and first guess, not their answer.
 */

/** The orders at which the least ε is looked for: fractional ones for much noise, large ones for very much. */
const orders: readonly number[] = [
  ...Array.from({ length: 99 }, (_, i) => 1 + (i + 1) / 10),
  ...Array.from({ length: 52 }, (_, i) => i + 12),
  ...[64, 80, 128, 256, 512],
];

/** Rényi divergence of one release at an order above 1. */
export function renyiDivergence({ sigma, rate }: Pick<Releases, "sigma" | "rate">, order: number): number {
  if (rate === 1) return order / (2 * sigma ** 2);
  const log = Number.isInteger(order) ? logMomentOfInteger(sigma, rate, order) : logMoment(sigma, rate, order);
  return Math.max(0, log) / (order - 1);
}

/** The ε of releases of one or more kinds at δ, by the best of the orders. */
export function renyiEpsilon(releases: readonly Releases[], delta: number, relation: Relation = "add-remove"): number {
  let least = Number.POSITIVE_INFINITY;
  for (const order of orders) {
    const rho = releases.reduce((sum, one) => sum + one.steps * divergences[relation](one, order), 0);
    const epsilon = rho + Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
    if (epsilon < least) least = epsilon;
  }
  return Math.max(0, least);
}

const divergences: Readonly<Record<Relation, typeof renyiDivergence>> = {
  "add-remove": renyiDivergence,
  // One image out, another one in: the triangle inequality of Rényi divergences by that of Cauchy and Schwarz.
  "replace-one": (one, order) =>
    one.rate === 1
      ? 4 * renyiDivergence(one, order)
      : ((order - 0.5) / (order - 1)) * renyiDivergence(one, 2 * order) + renyiDivergence(one, 2 * order - 1),
};

/** ln Σ_k C(α, k) (1 − q)^(α−k) q^k exp((k² − k)/2σ²). */
function logMomentOfInteger(sigma: number, rate: number, order: number): number {
  let sum = Number.NEGATIVE_INFINITY;
  let logBinomial = 0;
  for (let k = 0; k <= order; k++) {
    const log = logBinomial + k * Math.log(rate) + (order - k) * Math.log1p(-rate) + (k * k - k) / (2 * sigma ** 2);
    sum = logPlus(sum, log);
    logBinomial += Math.log((order - k) / (k + 1));
  }
  return sum;
}

/**
 * The same of a fractional order: two series whose binomials alternate in sign beyond the order. Infinity, which bounds
 * nothing and is never the least, where they have not converged within six thousand terms.
 */
function logMoment(sigma: number, rate: number, order: number): number {
  const split = sigma ** 2 * Math.log(1 / rate - 1) + 0.5;
  const root = Math.SQRT2 * sigma;
  const [logRate, logRest] = [Math.log(rate), Math.log1p(-rate)];
  let sums: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [logBinomial, positive] = [0, true];
  for (let i = 0; i < 6000; i++) {
    const j = order - i;
    const below = logErfc((i - split) / root) - Math.LN2 + (i * i - i) / (2 * sigma ** 2);
    const above = logErfc((split - j) / root) - Math.LN2 + (j * j - j) / (2 * sigma ** 2);
    const terms = [
      logBinomial + i * logRate + j * logRest + below,
      logBinomial + j * logRate + i * logRest + above,
    ] as const;
    const add = positive ? logPlus : logMinus;
    sums = [add(sums[0], terms[0]), add(sums[1], terms[1])];
    if (i > order && Math.max(...terms) < -30 + Math.max(0, ...sums)) return logPlus(...sums);
    logBinomial += Math.log(Math.abs((order - i) / (i + 1)));
    if (i > order) positive = !positive;
  }
  return Number.POSITIVE_INFINITY;
}

/** ln(eᵃ + eᵇ). */
function logPlus(a: number, b: number): number {
  const [less, more] = a < b ? [a, b] : [b, a];
  return less === Number.NEGATIVE_INFINITY ? more : more + Math.log1p(Math.exp(less - more));
}

/** ln(eᵃ − eᵇ) for a ≥ b. */
const logMinus = (a: number, b: number): number =>
  b === Number.NEGATIVE_INFINITY ? a : a + Math.log1p(-Math.exp(Math.min(0, b - a)));
