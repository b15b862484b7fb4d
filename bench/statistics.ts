/** Median, least and largest of some timings or ratios. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The middle value; the mean of the two middle ones of an even number.
 *
 * @throws RangeError of no values.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("the median of no values");
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** @throws RangeError of no values. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Billions of floating-point operations a second, two a multiply-add. */
export function gflops(multiplyAdds: number, milliseconds: number): number {
  return (2 * multiplyAdds) / (milliseconds * 1e6);
}
