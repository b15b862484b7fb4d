import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import { strategyFor } from "../../tricks/index.ts";
import type { ForeignSet, Space } from "./foreignSet.ts";
import { asPixels, fromPixels } from "./units.ts";

/** Images a class of a set, those that are decoded from one counted as it. */
export function storedPerClass(
  { labels, storedFloats }: Pick<ForeignSet, "labels" | "storedFloats">,
  classes: number,
  factor: number,
): number {
  const stored = labels.length / (storedFloats === undefined ? 1 : factor ** 2);
  return Math.max(1, Math.ceil(stored / classes));
}

/** A set as attar keeps it: its images in units, one for each label. */
export function condensedOf(
  { images, labels, softLabels, loss, learningRate, storedFloats }: ForeignSet,
  dataset: Dataset,
  { space, units, name, factor }: { space: Space; units: CondensedSet["normalisation"]; name: string; factor: number },
): CondensedSet {
  const plane = dataset.shape[1] * dataset.shape[2];
  return {
    images: space === "pixels" ? fromPixels(asPixels(images, space, units, plane), units, plane) : images,
    shape: dataset.shape,
    labels,
    ...(softLabels && { softLabels }),
    ...(loss && { loss }),
    classes: dataset.classes,
    normalisation: units,
    dataset: dataset.name,
    datasetChecksum: dataset.checksum,
    method: name,
    ipc: storedPerClass({ labels, storedFloats }, dataset.classes.length, factor),
    augmentation: strategyFor(dataset),
    ...(learningRate !== undefined && { learningRate }),
    ...(storedFloats !== undefined && { storedFloats }),
  };
}
