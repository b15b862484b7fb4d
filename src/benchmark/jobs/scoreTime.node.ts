import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { networkText, parseNetwork } from "../../hypotheses/index.ts";
import { keyOf } from "../plan/key.node.ts";
import { type Job, type Source, versions } from "./job.ts";

/**
 * The job that times the scoring of sets, alone on a machine: the result serves every set of as many images.
 *
 * @param images of a class that a network trains on; more than the smallest class has are timed at its size
 */
export function scoreTimeJob(
  name: string,
  dataset: Source,
  info: DatasetInfo,
  images: number,
  network: string,
  augmentation: string,
): Job<"score-time"> {
  const timed = Math.max(1, Math.min(images, ...info.counts.train));
  const task = { dataset, images: timed, network, augmentation: augmentation || "none" };
  const configuration = {
    dataset: info.checksum,
    images: timed,
    network: networkText(parseNetwork(network)),
    augmentation: task.augmentation,
  };
  const determined = { kind: "score-time", version: versions["score-time"], configuration, inputs: [] } as const;
  const work = 6 * timed * info.classes.length * size(arrayShape(info.domain));
  return { ...determined, key: keyOf(determined), name, task, exclusive: true, work };
}
