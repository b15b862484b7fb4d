import { overlap } from "./interval.ts";
import type { Better } from "./ranks.ts";
import type { Measured } from "./winTieLoss.ts";

/** A value as known exactly, such as a count of bytes. */
export const exactly = (value: number): Measured => ({ mean: value, low: value, high: value });

/**
 * True where `a` is no worse than `b` in the mean of every objective, and better in one beyond noise: there their intervals part. Means
 * that differ within noise let neither dominate by them.
 *
 * @param better the direction of each objective
 */
export function dominates(a: readonly Measured[], b: readonly Measured[], better: readonly Better[]): boolean {
  const gain = (i: number) => (a[i]!.mean - b[i]!.mean) * (better[i] === "higher" ? 1 : -1);
  const all = better.map((_, i) => i);
  return all.every((i) => gain(i) >= 0) && all.some((i) => gain(i) > 0 && !overlap(a[i]!, b[i]!));
}

/** The points that no other one dominates, by position. */
export const paretoFront = (points: readonly (readonly Measured[])[], better: readonly Better[]): number[] =>
  points.flatMap((own, i) => (points.some((other, j) => j !== i && dominates(other, own, better)) ? [] : [i]));
