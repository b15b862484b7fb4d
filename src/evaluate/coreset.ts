import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { infoOf } from "../data/datasetInfo.ts";
import { readerOf } from "../data/reader.ts";
import { randomKey } from "../engine/index.ts";
import { type TrainingSet, trainingSetOf } from "../hypotheses/index.ts";
import { isDrawn, selectCoreset } from "../synthetic/index.ts";
import { strategyFor } from "../tricks/index.ts";

/** Positions of a coreset in the training split; none for "full", which is all of it. */
async function coresetRows(
  dataset: Dataset,
  rule: string,
  ipc: number,
  seed: number,
  draw = 0,
  signal?: AbortSignal,
): Promise<ArrayLike<number> | undefined> {
  if (rule === "full") return undefined;
  const first = randomKey(seed).fold("baseline");
  return selectCoreset(dataset, rule, ipc, draw === 0 ? first : first.fold("draw").fold(draw), signal);
}

/** The sets that stand for a subject in repeat after repeat: one set, or a draw for each. */
export interface Draws {
  /** True where repeats differ in their set. */
  readonly redrawn: boolean;
  readonly at: (repeat: number) => Promise<TrainingSet>;
}

export const always = (set: TrainingSet): Draws => ({ redrawn: false, at: async () => set });

/** A coreset, or "full", as training sets. */
export function coresetDraws(dataset: Dataset, rule: string, ipc: number, seed: number, signal?: AbortSignal): Draws {
  const redrawn = isDrawn(rule);
  const made: Promise<TrainingSet>[] = [];
  const draw = async (k: number): Promise<TrainingSet> => {
    const rows = await coresetRows(dataset, rule, ipc, seed, k, signal);
    return trainingSetOf(await readerOf(dataset).batch("a subset to train on", rows ? { rows } : {}));
  };
  return {
    redrawn,
    at(repeat) {
      const k = redrawn ? repeat : 0;
      made[k] ??= draw(k);
      return made[k];
    },
  };
}

/** A coreset of a dataset as a condensed set, so that baselines can be evaluated and exported like any other. */
export async function coresetAsSet(
  dataset: Dataset,
  rule: string,
  ipc: number,
  seed: number,
  signal?: AbortSignal,
): Promise<CondensedSet> {
  const rows = await coresetRows(dataset, rule, ipc, seed, 0, signal);
  const { images, labels, values } = await readerOf(dataset).batch("a coreset", rows ? { rows } : {});
  return {
    images: images.data as Float32Array,
    shape: dataset.shape,
    labels,
    classes: dataset.classes,
    ...(values && dataset.target && { target: dataset.target, values: values.data as Float32Array }),
    normalisation: dataset.normalisation,
    ...(dataset.table && { table: dataset.table }),
    dataset: dataset.name,
    datasetChecksum: dataset.checksum,
    method: rule,
    ipc: rule === "full" ? Math.max(...infoOf(dataset).counts.train) : ipc,
    augmentation: strategyFor(dataset),
  };
}
