import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { type RandomKey, size, type Tensor, tensor } from "../engine/index.ts";
import { oneHot, type TrainingSet } from "../hypotheses/index.ts";
import { augmentOnHost, type Draw } from "../tricks/index.ts";

/** A class-major real batch: equally many images of every class visited. */
export interface RealBatch {
  /** [groups · each, C, H, W], normalised and augmented. */
  readonly images: Tensor;
  /** Which group an image belongs to, one-hot [groups · each, groups]. */
  readonly members: Tensor;
  /** One-hot labels [groups · each, classes]. */
  readonly targets: Tensor;
  readonly groups: number;
  readonly each: number;
}

/** T by class: what batches are drawn from. */
export class RealImages {
  /** Positions in the training split, by class. */
  readonly members: readonly Uint32Array[];

  constructor(private readonly dataset: Dataset) {
    this.members = byClass(dataset.train.labels, dataset.classes.length);
  }

  /** `count` positions within a class, without repetition. */
  random(key: RandomKey, group: number, count: number): Uint32Array {
    return key.fold(group).permutation(this.members[group]!.length, count);
  }

  /**
   * The real batch of a step.
   *
   * @param active classes it visits. @param positions images within each of them, equally many.
   * @param draws one augmentation for each of them; the same as the synthetic side's. @param pause awaited after each class.
   * @param storage of an earlier batch that nobody reads any more; new storage where it does not fit.
   */
  async batch(
    active: readonly number[],
    positions: readonly ArrayLike<number>[],
    draws: readonly Draw[],
    pause?: () => Promise<void>,
    storage?: Float32Array,
  ): Promise<RealBatch> {
    const { dataset } = this;
    const [groups, each, pixels] = [active.length, positions[0]!.length, size(dataset.shape)];
    const length = groups * each * pixels;
    const images = storage?.length === length ? storage : new Float32Array(length);
    for (const [g, group] of active.entries()) {
      const draw = draws[g];
      const own = images.subarray(g * each * pixels, (g + 1) * each * pixels);
      const batch = await this.ofClass(group, positions[g]!, draw ? undefined : own);
      if (draw) augmentOnHost(batch.data as Float32Array, dataset.shape, [draw], own);
      await pause?.();
    }
    return {
      images: tensor(images, [groups * each, ...dataset.shape]),
      ...labelsOf(active, each, dataset),
      groups,
      each,
    };
  }

  /** A batch of zeros: for measuring and counting. */
  blank(groups: number, each: number): RealBatch {
    const { dataset } = this;
    const images = tensor(new Float32Array(groups * each * size(dataset.shape)), [groups * each, ...dataset.shape]);
    const active = Array.from({ length: groups }, (_, g) => g);
    return { images, ...labelsOf(active, each, dataset), groups, each };
  }

  /** Random images of all classes together, as a set to train on. */
  async sample(count: number, key: RandomKey): Promise<TrainingSet> {
    const { labels } = this.dataset.train;
    const rows = key.permutation(labels.length, Math.min(count, labels.length));
    return {
      images: await normaliseBatch(this.dataset, "train", rows),
      labels: Int32Array.from(rows, (i) => labels[i]!),
    };
  }

  /** All images of a class, or those at some positions, as a network sees them; written to `into` where it is given. */
  async ofClass(group: number, positions?: ArrayLike<number>, into?: Float32Array) {
    const all = this.members[group]!;
    return normaliseBatch(this.dataset, "train", positions ? Uint32Array.from(positions, (i) => all[i]!) : all, into);
  }
}

/** Labels and memberships of a class-major batch. */
function labelsOf(active: readonly number[], each: number, dataset: Dataset) {
  const group = Int32Array.from({ length: active.length * each }, (_, i) => Math.floor(i / each));
  return {
    members: oneHot(group, active.length),
    targets: oneHot(
      group.map((g) => active[g]!),
      dataset.classes.length,
    ),
  };
}
