import { type CondensedSet, type Dataset, infoOf, normalise } from "../data/browser.ts";
import type { Nearest } from "./contract.ts";
import { imagesOfSplit } from "./images.ts";

/** Samples of T that are brought to the normalisation at a time. */
const block = 1000;

/** The sample of T's training split that is nearest to an image of a set, in the set's normalisation. */
export function nearestOf(dataset: Dataset, set: CondensedSet, image: number): Nearest {
  const { shape, train } = dataset;
  const size = shape[0] * shape[1] * shape[2];
  const own = set.images.subarray(image * size, (image + 1) * size);
  let [found, least] = [0, Number.POSITIVE_INFINITY];
  const count = infoOf(dataset).counts.train.reduce((a, b) => a + b, 0);
  for (let from = 0; from < count; from += block) {
    const rows = Array.from({ length: Math.min(block, count - from) }, (_, i) => from + i);
    const { data } = normalise({ shape, normalisation: set.normalisation }, train, rows);
    for (const [i, row] of rows.entries()) {
      let sum = 0;
      for (let p = 0; p < size && sum < least; p++) sum += (Number(data[i * size + p]) - own[p]!) ** 2;
      if (sum < least) [found, least] = [row, sum];
    }
  }
  return { images: imagesOfSplit(dataset, train, [found]), distance: Math.sqrt(least) };
}
