import { normalBelow } from "./distributions/tails.ts";
import { ranks, tieSizes } from "./ranks.ts";

export interface SignedRank {
  /** The smaller of the sums of ranks of positive and of negative differences. */
  readonly statistic: number;
  /** P(a statistic this small) on either side, where differences are as often positive as negative. */
  readonly p: number;
  /** The differences that are not nought. */
  readonly pairs: number;
}

/** Differences up to which p is exact. */
const exactUpTo = 50;

/**
 * Wilcoxon's signed-rank test of paired differences (1945), two-sided; differences of nought are left out, as Wilcoxon does. Up to
 * fifty differences p is exact, by the distribution of the sum over all signs, with ties, too; above, by the normal approximation.
 */
export function signedRank(differences: readonly number[]): SignedRank {
  const nonZero = differences.filter((d) => d !== 0);
  const n = nonZero.length;
  if (n === 0) return { statistic: 0, p: 1, pairs: 0 };
  const sizes = nonZero.map(Math.abs);
  const own = ranks(sizes, "lower");
  const positive = own.reduce((sum, r, i) => sum + (nonZero[i]! > 0 ? r : 0), 0);
  const total = (n * (n + 1)) / 2;
  const statistic = Math.min(positive, total - positive);
  const p = n <= exactUpTo ? exact(own, statistic) : approximate(sizes, statistic);
  return { statistic, p: Math.min(1, p), pairs: n };
}

/** Twice P(sum ≤ statistic) over all 2ⁿ choices of signs: sums of doubled ranks, which are whole, are counted. */
function exact(own: readonly number[], statistic: number): number {
  const doubled = own.map((r) => Math.round(2 * r));
  const shares = new Float64Array(doubled.reduce((a, b) => a + b) + 1);
  shares[0] = 1;
  let reached = 0;
  for (const r of doubled) {
    reached += r;
    for (let sum = reached; sum >= 0; sum--) shares[sum] = shares[sum]! / 2 + (sum >= r ? shares[sum - r]! / 2 : 0);
  }
  return 2 * shares.subarray(0, Math.round(2 * statistic) + 1).reduce((a, b) => a + b);
}

function approximate(sizes: readonly number[], statistic: number): number {
  const n = sizes.length;
  const ties = tieSizes(sizes).reduce((sum, t) => sum + t ** 3 - t, 0);
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties / 48);
  return 2 * normalBelow((statistic - (n * (n + 1)) / 4) / deviation);
}
