import { studentHalfWidth } from "./distributions/tails.ts";
import { deviation, mean } from "./mean.ts";

/** An interval that holds a true value at a level of confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** True where two intervals have a point in common: what they stand for cannot be told apart. */
export const overlap = (a: Interval, b: Interval): boolean => a.low <= b.high && b.low <= a.high;

/**
 * The interval of a mean by Student's t: x̄ ± t · s / √n.
 *
 * @returns nothing for fewer than two values, of which there is no spread
 */
export function studentInterval(values: readonly number[], level = 0.95): Interval | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  const half = (studentHalfWidth(level, values.length - 1) * deviation(values)) / Math.sqrt(values.length);
  return { low: centre - half, high: centre + half };
}
