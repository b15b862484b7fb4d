import type { Split, ValueRange } from "./dataset.ts";
import { domainOf } from "./domain.ts";

/** Ranges that stored numbers have by convention: floats of -1 to 1, signed bytes, signed words. */
const conventions: readonly (readonly [number, number])[] = [
  [-1, 1],
  [-128, 127],
  [-32768, 32767],
];

/** The largest word of 16 bits without a sign. */
const largestWord = 65535;

/** The share of a 16-bit scale below which data are shown by their own range: ten bits of sixteen would be black. */
const wellFilled = 0.25;

/**
 * The stored value that stands for 1, and the range of the values where that is not 0 to 1.
 *
 * Whole numbers above 255 are words of 16 bits; numbers below 0 have the least range of {@link conventions} that holds them;
 * other numbers, words that fill a quarter of their scale at most, and tables (feature by feature, in their own units) have
 * the range of the training images.
 *
 * @param train images that the range is measured on
 * @param scale the reader's, 1 where it knows none
 */
export function unitsOf(
  { images }: Pick<Split, "images">,
  shape: readonly [number, number, number],
  scale: number,
): { scale: number; range?: ValueRange } {
  if (domainOf(shape).kind === "table") return { scale: 1, range: rangeByFeature(images, shape[0]) };
  if (images instanceof Uint8Array) return { scale };
  const { low, high, whole } = extremes(images);
  if (scale === 1 && whole && low >= 0 && high > 255 && high <= largestWord)
    return unitsOf({ images }, shape, largestWord);
  const alike = ([from, to]: readonly [number, number]) => ({
    low: Array<number>(shape[0]).fill(from),
    high: Array<number>(shape[0]).fill(to),
  });
  if (low >= 0 && high <= scale) {
    const dark = scale > 255 && high < wellFilled * scale && high > low;
    return dark ? { scale, range: alike([low / scale, high / scale]) } : { scale };
  }
  const signed = conventions.find(
    ([from, to], i) => scale === 1 && low < 0 && low >= from && high <= to && (i === 0 || whole),
  );
  return { scale, range: alike(signed ?? [low / scale, high / scale]) };
}

/** Tells whether a range is one that numbers have by convention, so that it says in which units they are. */
export const isConvention = ({ low, high }: ValueRange): boolean =>
  conventions.some(([from, to]) => low.every((v) => v === from) && high.every((v) => v === to));

function extremes(images: ArrayLike<number>): { low: number; high: number; whole: boolean } {
  let [low, high, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (let i = 0; i < images.length; i++) {
    const value = images[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (whole && !Number.isInteger(value)) whole = false;
  }
  return { low, high, whole };
}

function rangeByFeature(rows: ArrayLike<number>, features: number): ValueRange {
  const low = Array<number>(features).fill(Number.POSITIVE_INFINITY);
  const high = Array<number>(features).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < rows.length; i++) {
    const f = i % features;
    if (rows[i]! < low[f]!) low[f] = rows[i]!;
    if (rows[i]! > high[f]!) high[f] = rows[i]!;
  }
  return { low, high };
}
