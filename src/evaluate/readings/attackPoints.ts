import type { Points } from "../../attacks/index.ts";
import type { Dataset } from "../../data/dataset.ts";
import { randomKey, size } from "../../engine/index.ts";

/**
 * Test images as attacks see them, black at 0 and white at 1: all of them, or `count` that are drawn by their number alone, the
 * same for every network, set and attack.
 */
export function attackPoints(
  { test, shape, normalisation }: Pick<Dataset, "test" | "shape" | "normalisation">,
  count: number,
): Points {
  const all = test.labels.length;
  const ids =
    count < all
      ? randomKey(0).fold("attacked images").permutation(all, count).sort()
      : Uint32Array.from({ length: all }, (_, i) => i);
  const { scale, range } = normalisation;
  const d = size(shape);
  const plane = d / shape[0];
  const images = new Float64Array(ids.length * d);
  for (let i = 0; i < ids.length; i++)
    for (let j = 0; j < d; j++) {
      const channel = Math.floor(j / plane);
      const low = range?.low[channel] ?? 0;
      const width = (range?.high[channel] ?? 1) - low || 1;
      images[i * d + j] = (test.images[ids[i]! * d + j]! / scale - low) / width;
    }
  return { images, labels: Int32Array.from(ids, (i) => test.labels[i]!), ids };
}
