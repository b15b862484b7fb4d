import { byClass } from "../data/byClass.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { coveringRules } from "../discrepancies/index.ts";
import { randomKey } from "../engine/index.ts";
import type { TrainingSet } from "../hypotheses/index.ts";
import { selectCoreset, selectCoresetBy } from "../synthetic/select.ts";
import { strategyFor } from "../tricks/index.ts";

/** Positions of a coreset in the training split; "full" is all of it. */
async function coresetRows(dataset: Dataset, rule: string, ipc: number, seed: number): Promise<ArrayLike<number>> {
  if (rule === "full") return Uint32Array.from(dataset.train.labels, (_, i) => i);
  const key = randomKey(seed).fold("baseline");
  const covering = coveringRules.get(rule);
  return covering ? selectCoresetBy(dataset, covering, ipc, key) : selectCoreset(dataset, rule, ipc, key);
}

/** A coreset, or "full", as a training set. */
export async function coresetForTraining(
  dataset: Dataset,
  rule: string,
  ipc: number,
  seed: number,
): Promise<TrainingSet> {
  const rows = await coresetRows(dataset, rule, ipc, seed);
  return {
    images: await normaliseBatch(dataset, "train", rows),
    labels: Int32Array.from(rows, (i) => dataset.train.labels[i]!),
  };
}

/** A coreset of a dataset as a condensed set, so that baselines can be evaluated and exported like any other. */
export async function coresetAsSet(dataset: Dataset, rule: string, ipc: number, seed: number): Promise<CondensedSet> {
  const rows = await coresetRows(dataset, rule, ipc, seed);
  return {
    images: (await normaliseBatch(dataset, "train", rows)).data as Float32Array,
    shape: dataset.shape,
    labels: Int32Array.from(rows, (i) => dataset.train.labels[i]!),
    classes: dataset.classes,
    normalisation: dataset.normalisation,
    dataset: dataset.name,
    datasetChecksum: dataset.checksum,
    method: rule,
    ipc:
      rule === "full" ? Math.max(...byClass(dataset.train.labels, dataset.classes.length).map((m) => m.length)) : ipc,
    augmentation: strategyFor(dataset.name),
  };
}
