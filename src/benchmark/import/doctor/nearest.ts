import type { Dataset } from "../../../data/dataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { countOf } from "../../../data/samples.ts";
import { randomKey, size } from "../../../engine/index.ts";

/** Multiply-adds that a look for nearest images may take: some seconds. */
const budget = 3e9;
const mostAsked = 100;
/** Real images whose own nearest neighbour says what is near. */
const compared = 20;

/** How close images are to real ones. */
export interface Nearest {
  /** The distance of the closest image to a real one, as a share of that between real images that are neighbours. */
  readonly closest: number;
  /** The median of these. */
  readonly median: number;
  /** Images that are a real one. */
  readonly copies: number;
  /** Images that were asked about, and real ones that they were held against. */
  readonly asked: number;
  readonly real: number;
}

/** @param images [n, C, H, W] on the dataset's normalisation, without whitening */
export async function nearestOf(images: Float32Array, dataset: Dataset, seed = 0): Promise<Nearest> {
  const { zca: _, ...plain } = dataset.normalisation;
  const d = size(dataset.shape);
  const key = randomKey(seed).fold("nearest");
  const n = Math.min(images.length / d, mostAsked);
  const chosen = key.fold("asked").permutation(images.length / d, n);
  const all = countOf(dataset, "train");
  const count = Math.min(all, Math.max(1000, Math.floor(budget / (d * (n + compared)))));
  const rows = count === all ? undefined : key.fold("real").permutation(all, count);
  const reader = readerOf({ ...dataset, normalisation: plain });
  const real = (await reader.batch("the real images nearest to others", rows ? { rows } : {})).images
    .data as Float32Array;
  const least = (from: Float32Array, at: number, without = -1) => {
    let best = Number.POSITIVE_INFINITY;
    for (let r = 0; r < count; r++) {
      if (r === without) continue;
      let sum = 0;
      for (let i = 0, a = at * d, b = r * d; i < d && sum < best; i++, a++, b++) {
        const difference = from[a]! - real[b]!;
        sum += difference * difference;
      }
      if (sum < best) best = sum;
    }
    return Math.sqrt(best);
  };
  const apart = median(
    Array.from({ length: Math.min(compared, count) }, (_, i) => least(real, i, i)).filter((v) => Number.isFinite(v)),
  );
  const unit = apart > 0 ? apart : 1;
  const distances = Array.from(chosen, (i) => least(images, i) / unit);
  return {
    closest: Math.min(...distances),
    median: median(distances),
    copies: distances.filter((v) => v < 1e-3).length,
    asked: n,
    real: count,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
