import { mean } from "./mean.ts";
import { ranks } from "./ranks.ts";

/**
 * Kendall's τ-b (1945): concordant less discordant pairs over √((n₀ − n₁)(n₀ − n₂)), n₀ all pairs, n₁ and n₂ those tied in either.
 *
 * @returns nothing where one of the two is all ties: it has no order
 */
export function kendall(a: readonly number[], b: readonly number[]): number | undefined {
  let [difference, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)];
      difference += x * y;
      untiedA += x * x;
      untiedB += y * y;
    }
  return untiedA > 0 && untiedB > 0 ? difference / Math.sqrt(untiedA * untiedB) : undefined;
}

/** Spearman's ρ (1904): the correlation of ranks, ties at their mean. @returns nothing where one of the two is all ties */
export function spearman(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [ranks(a, "lower"), ranks(b, "lower")];
  const centre = mean(x);
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, r, i) => sum + (r - centre) * (v[i]! - centre), 0);
  const scale = Math.sqrt(product(x, x) * product(y, y));
  return scale > 0 ? product(x, y) / scale : undefined;
}
