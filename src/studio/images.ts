import type { Dataset, Split } from "../data/browser.ts";
import { type CondensedSet, pictures } from "../data/browser.ts";
import type { Images } from "./contract.ts";

/** The pictures of a set, in its order. */
export function imagesOfSet(set: Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation">): Images {
  const all = pictures(set);
  const { channels, height, width } = all[0]!.image;
  const size = channels * height * width;
  const data = new Uint8Array(all.length * size);
  for (const [i, { image }] of all.entries()) data.set(image.data, i * size);
  return { count: all.length, channels, height, width, data, labels: all.map(({ label }) => label) };
}

/** The pictures of some samples of a split, as they are stored. */
export function imagesOfSplit(dataset: Dataset, split: Split, indices: readonly number[]): Images {
  const { shape, normalisation } = dataset;
  const size = shape[0] * shape[1] * shape[2];
  const { scale, range, mean, std } = normalisation;
  const images = new Float32Array(indices.length * size);
  const plane = shape[1] * shape[2];
  for (const [row, index] of indices.entries())
    for (let p = 0; p < size; p++) {
      const c = Math.floor(p / plane);
      images[row * size + p] = (split.images[index * size + p]! / scale - mean[c]!) / std[c]!;
    }
  const labels = Int32Array.from(indices, (index) => split.labels[index]!);
  // Pictures of stored samples need no whitening to be taken off.
  return imagesOfSet({ images, shape, labels, normalisation: { scale, mean, std, ...(range && { range }) } });
}

/** The first samples of each class of a split. */
export function firstOfEach({ labels }: Split, classes: number, each: number): number[] {
  const found: number[][] = Array.from({ length: classes }, () => []);
  for (const [i, label] of labels.entries()) if (found[label]!.length < each) found[label]!.push(i);
  return found.flat();
}
