import { AttarError } from "../../engine/index.ts";

/**
 * Refuses an order of the metric outside [1, ∞].
 *
 * @throws AttarError "bad-option" (exit code 2)
 */
export function checkOrder(p: number): void {
  if (p >= 1) return;
  throw new AttarError(
    "bad-option",
    `the order p of a Wasserstein metric is at least 1, got ${p}`,
    "for example p = 2",
  );
}

/** C^p and back: the p-th root of a transport cost, 0 where rounding made it negative. */
export const root = (cost: number, p: number): number => Math.max(0, cost) ** (1 / p);
