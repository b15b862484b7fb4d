import { studentBeyond } from "./distributions/tails.ts";
import { deviation, mean } from "./mean.ts";

/**
 * Student's paired test of differences, two-sided.
 *
 * @returns nothing for fewer than two differences; t infinite where they are all the same and not nought
 */
export function pairedT(differences: readonly number[]): { readonly t: number; readonly p: number } | undefined {
  if (differences.length < 2) return undefined;
  const centre = mean(differences);
  const error = deviation(differences) / Math.sqrt(differences.length);
  if (error === 0) return centre === 0 ? { t: 0, p: 1 } : { t: centre > 0 ? Infinity : -Infinity, p: 0 };
  const t = centre / error;
  return { t, p: studentBeyond(t, differences.length - 1) };
}
