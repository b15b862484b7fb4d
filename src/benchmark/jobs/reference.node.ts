import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { fullEpochsOf } from "../../evaluate/protocol.ts";
import type { ReadingSpec } from "../../evaluate/readings/index.ts";
import { fieldRecipe, networkText, parseNetwork } from "../../hypotheses/index.ts";
import { strategyFor } from "../../tricks/index.ts";
import { keyOf } from "../plan/key.node.ts";
import type { StudyProtocol } from "../study/schema.ts";
import { type Job, type Source, versions } from "./job.ts";
import { memoryOfTraining } from "./memory.ts";

/** The job that trains networks on the whole training split: what no condensed set is expected to exceed. */
export function referenceJob(
  name: string,
  dataset: Source,
  info: DatasetInfo,
  network: string,
  { epochs: asked, repeats, seed }: StudyProtocol,
  readings: readonly ReadingSpec[],
): Job<"reference"> {
  const samples = info.counts.train.reduce((sum, count) => sum + count, 0);
  const epochs = asked ?? fullEpochsOf(info, samples);
  const augmentation = strategyFor(info) || "none";
  const configuration = {
    dataset: info.checksum,
    normalisation: info.normalisation,
    network: networkText(parseNetwork(network)),
    epochs,
    augmentation,
    repeats,
    seed,
    readings,
  };
  const determined = { kind: "reference", version: versions.reference, configuration, inputs: [] } as const;
  const task = { dataset, network, epochs, augmentation, repeats, seed, readings };
  const work = epochs * samples * repeats * size(arrayShape(info.domain));
  const memory = memoryOfTraining(info, samples, fieldRecipe.batch, parseNetwork(network));
  return { ...determined, key: keyOf(determined), name, task, work, memory };
}
