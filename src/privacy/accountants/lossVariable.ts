import { normalBelow } from "./normal.ts";
import type { Relation, Releases } from "./release.ts";

/**
 * The privacy loss of one release as a random variable: the logarithm of how much likelier what was released is with one data
 * set than with its neighbour, as it is distributed with the first.
 */
export interface LossVariable {
  /** Its distribution function. */
  below(loss: number): number;
  /** The loss of an outcome x, in units of the sensitivity; and how often x occurs, a density. */
  readonly loss: (x: number) => number;
  readonly density: (x: number) => number;
  /** The outcome that has a loss; −∞ where it is less than any. */
  readonly outcome: (loss: number) => number;
  /** The noise, in the same units as outcomes. */
  readonly sigma: number;
}

type Mechanism = Pick<Releases, "sigma" | "rate">;

/** The pairs of neighbours that a relation means, each with the loss of one release: the worse of them counts. */
export const lossVariables: Readonly<Record<Relation, (mechanism: Mechanism) => readonly LossVariable[]>> = {
  "add-remove": (mechanism) => [removed(mechanism), added(mechanism)],
  "replace-one": (mechanism) => [replaced(mechanism)],
};

/** The loss with the image: x ~ (1 − q) N(0, σ²) + q N(1, σ²), against N(0, σ²). */
function removed({ sigma, rate }: Mechanism): LossVariable {
  const outcome = outcomeOf(sigma, rate);
  return {
    below: (loss) => mixtureBelow(outcome(loss), sigma, rate),
    loss: lossAt(sigma, rate),
    density: (x) => (1 - rate) * density(x / sigma, sigma) + rate * density((x - 1) / sigma, sigma),
    outcome,
    sigma,
  };
}

/** The loss without it: the same with its sign turned, x ~ N(0, σ²). */
function added({ sigma, rate }: Mechanism): LossVariable {
  const outcome = outcomeOf(sigma, rate);
  const loss = lossAt(sigma, rate);
  return {
    below: (t) => normalBelow(-outcome(-t) / sigma),
    loss: (x) => -loss(x),
    density: (x) => density(x / sigma, sigma),
    outcome: (t) => outcome(-t),
    sigma,
  };
}

/** The loss of an image against another one in its place, at the opposite end: N(−1, σ²) where there was N(1, σ²). */
function replaced({ sigma, rate }: Mechanism): LossVariable {
  const [forwards, s] = [lossAt(sigma, rate), sigma ** 2];
  const outcome = (loss: number) => {
    if (rate === 1) return (loss * s) / 2;
    // a = exp(x/σ²) solves q b a² + (1 − q)(1 − e^t) a − e^t q b = 0, b = exp(−1/2σ²); losses are odd in x.
    const t = Math.abs(loss);
    const [linear, ratio] = [-(1 - rate) * Math.expm1(t), rate * Math.exp(-1 / (2 * s))];
    const a = (-linear + Math.sqrt(linear * linear + 4 * ratio * ratio * Math.exp(t))) / (2 * ratio);
    return Math.sign(loss) * s * Math.log(a);
  };
  return {
    below: (loss) => mixtureBelow(outcome(loss), sigma, rate),
    loss: (x) => forwards(x) - forwards(-x),
    density: (x) => (1 - rate) * density(x / sigma, sigma) + rate * density((x - 1) / sigma, sigma),
    outcome,
    sigma,
  };
}

/** ln(1 − q + q exp((2x − 1)/2σ²)). */
function lossAt(sigma: number, rate: number): (x: number) => number {
  return (x) => {
    const exponent = (2 * x - 1) / (2 * sigma ** 2);
    return exponent > 30
      ? exponent + Math.log(rate + (1 - rate) * Math.exp(-exponent))
      : Math.log1p(rate * Math.expm1(exponent));
  };
}

/** The x of a loss; −∞ for losses that no x reaches. */
function outcomeOf(sigma: number, rate: number): (loss: number) => number {
  return (loss) => {
    if (rate === 1) return sigma ** 2 * loss + 0.5;
    const odds = loss > 700 ? Number.POSITIVE_INFINITY : (Math.expm1(loss) + rate) / rate;
    if (odds <= 0) return Number.NEGATIVE_INFINITY;
    return sigma ** 2 * (Number.isFinite(odds) ? Math.log(odds) : loss - Math.log(rate)) + 0.5;
  };
}

const mixtureBelow = (x: number, sigma: number, rate: number) =>
  (1 - rate) * normalBelow(x / sigma) + rate * normalBelow((x - 1) / sigma);

const density = (z: number, sigma: number) => Math.exp((-z * z) / 2) / (sigma * Math.sqrt(2 * Math.PI));
