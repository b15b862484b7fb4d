import type { RandomKey } from "../../engine/index.ts";
import { normalBelow, normalQuantile } from "./distributions/tails.ts";
import type { Interval } from "./interval.ts";

/** A number that is taken of some values: a mean, a difference of means. */
export type Statistic<T> = (values: readonly T[]) => number;

export interface BootstrapOptions {
  /** The root of all draws: equal keys give equal intervals. */
  readonly key: RandomKey;
  readonly level?: number;
  readonly draws?: number;
}

/** A statistic of samples drawn with replacement, of the size of the values, in ascending order. */
export function resampled<T>(values: readonly T[], statistic: Statistic<T>, key: RandomKey, draws: number): number[] {
  const n = values.length;
  return Array.from({ length: draws }, (_, b) => {
    const unit = key.fold(b).uniform(n);
    return statistic(Array.from(unit, (u) => values[Math.min(n - 1, Math.floor(u * n))]!));
  }).sort((a, b) => a - b);
}

/**
 * The bootstrap interval of a statistic, bias-corrected and accelerated (BCa: Efron 1987; Efron and Tibshirani 1993, §14.3).
 *
 * @returns nothing for fewer than two values
 */
export function bootstrapInterval<T>(
  values: readonly T[],
  statistic: Statistic<T>,
  { key, level = 0.95, draws = 2000 }: BootstrapOptions,
): Interval | undefined {
  if (values.length < 2) return undefined;
  const drawn = resampled(values, statistic, key, draws);
  const without = values.map((_, i) => statistic(values.filter((_v, j) => j !== i)));
  return acceleratedInterval(drawn, statistic(values), without, level);
}

/**
 * The BCa interval of what was drawn: its quantiles at Φ(z₀ + (z₀ + z) / (1 − a (z₀ + z))), z₀ for the share of draws below the
 * statistic (ties by half), a for the skewness of the statistic with a value left out.
 *
 * @param drawn in ascending order
 * @param observed the statistic of all values
 * @param without the statistic without each of them
 */
export function acceleratedInterval(
  drawn: readonly number[],
  observed: number,
  without: readonly number[],
  level: number,
): Interval {
  const below = drawn.filter((v) => v < observed).length;
  const upTo = drawn.filter((v) => v <= observed).length;
  const bias = normalQuantile((below + upTo) / (2 * drawn.length));
  const centre = without.reduce((sum, v) => sum + v, 0) / without.length;
  const power = (p: number) => without.reduce((sum, v) => sum + (centre - v) ** p, 0);
  const spread = 6 * power(2) ** 1.5;
  const acceleration = spread > 0 ? power(3) / spread : 0;
  const at = (probability: number) => {
    const z = bias + normalQuantile(probability);
    return quantile(drawn, normalBelow(bias + z / (1 - acceleration * z)));
  };
  // Draws that are all on one side of the statistic leave no quantile to correct: the plain ones hold.
  if (!Number.isFinite(bias)) return percentileInterval(drawn, level);
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

/** The interval between two quantiles of what was drawn, in ascending order. */
export const percentileInterval = (drawn: readonly number[], level: number): Interval => ({
  low: quantile(drawn, (1 - level) / 2),
  high: quantile(drawn, (1 + level) / 2),
});

/** The quantile of ascending values, linear between the two nearest (NumPy's default, type 7 of Hyndman and Fan). */
export function quantile(sorted: readonly number[], probability: number): number {
  const at = probability * (sorted.length - 1);
  const below = Math.min(sorted.length - 1, Math.max(0, Math.floor(at)));
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
