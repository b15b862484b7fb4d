import type { DatasetFacts, Samples } from "../data/reader.ts";
import { size, type Tensor, tensor, zeros } from "../engine/index.ts";
import { oneHot } from "../hypotheses/index.ts";

/** A class-major real batch: equally many images of every class visited. */
export interface RealBatch {
  /** [groups · each, C, H, W], normalised and augmented. */
  readonly images: Tensor;
  /** The group of each image, one-hot [groups · each, groups]. */
  readonly members: Tensor;
  /** One-hot labels [groups · each, classes], or the numbers to predict [groups · each, k]. */
  readonly targets: Tensor;
  readonly groups: number;
  readonly each: number;
}

/** Samples of `groups` classes, class-major, as a batch. @param classes the number of all classes */
export function realBatchOf({ images, labels, values }: Samples, groups: number, classes: number): RealBatch {
  const each = labels.length / groups;
  const group = Int32Array.from(labels, (_, i) => Math.floor(i / each));
  return { images, members: oneHot(group, groups), targets: values ?? oneHot(labels, classes), groups, each };
}

/** A batch of zeros, of the first `groups` classes: for measuring and counting. */
export function blankBatch({ shape, classes, target }: DatasetFacts, groups: number, each: number): RealBatch {
  const images = tensor(new Float32Array(groups * each * size(shape)), [groups * each, ...shape]);
  const labels = Int32Array.from({ length: groups * each }, (_, i) => Math.floor(i / each));
  const values = target && { values: zeros([labels.length, target.names.length]) };
  return realBatchOf({ images, labels, ...values }, groups, classes.length);
}
