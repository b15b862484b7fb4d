import type { Dataset } from "../../../data/dataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { countOf } from "../../../data/samples.ts";
import { randomKey } from "../../../engine/index.ts";

/** The lowest, highest and mean value of images and their deviation, as a network sees them. */
export interface ValueSpread {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly deviation: number;
}

export function spreadOf(values: Float32Array): ValueSpread {
  let [low, high, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
    sum += v;
    squares += v * v;
  }
  const mean = sum / values.length;
  return { low, high, mean, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
}

/** The same of a thousand training images, without whitening. */
export async function realSpread(dataset: Dataset): Promise<ValueSpread> {
  const { zca: _, ...plain } = dataset.normalisation;
  const all = countOf(dataset, "train");
  const rows = randomKey(0).fold("spread").permutation(all, Math.min(all, 1000));
  const reader = readerOf({ ...dataset, normalisation: plain });
  return spreadOf((await reader.batch("the range of values", { rows })).images.data as Float32Array);
}
