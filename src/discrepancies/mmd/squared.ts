/** An estimate of MMD², which may be negative where it is unbiased. */
export interface SquaredMmd {
  readonly value: number;
  /** Variance of the estimate; NaN where it is not known. */
  readonly variance: number;
}

/**
 * MMD from MMD²: the root, 0 where the estimate is negative. Its standard error is by the delta method, se / (2 MMD), and at
 * most √se, which holds near zero where the root has no derivative: |√a − √b| <= √|a − b|.
 */
export function root({ value, variance }: SquaredMmd): { value: number; stderr: number } {
  const mmd = Math.sqrt(Math.max(0, value));
  const se = Math.sqrt(variance);
  return { value: mmd, stderr: se === 0 ? 0 : Math.min(se / (2 * mmd), Math.sqrt(se)) };
}

/** Mean of independent estimates, and the variance of that mean, which a single one does not tell. */
export function meanOf(draws: ArrayLike<number>): SquaredMmd {
  const list = Array.from(draws);
  const value = list.reduce((s, d) => s + d, 0) / list.length;
  const spread = list.reduce((s, d) => s + (d - value) ** 2, 0);
  return { value, variance: list.length > 1 ? spread / (list.length - 1) / list.length : Number.NaN };
}

export const mean = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / values.length;

/** The mean of k over pairs of different points, from that over all n² pairs and that of k(x, x). */
export const withoutOwnPairs = (all: number, own: number, n: number): number => (n * all - own) / (n - 1);
