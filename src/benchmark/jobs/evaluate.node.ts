import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { type SetFacts, setProtocol } from "../../evaluate/protocol.ts";
import type { ReadingSpec } from "../../evaluate/readings/index.ts";
import { type NetworkSpec, networkContent, networkText } from "../../hypotheses/index.ts";
import { keyOf } from "../plan/key.node.ts";
import { type Job, type ScoreProtocol, type Source, versions } from "./job.ts";

/** A set as a score depends on it. */
export interface ScoredSet {
  /** SHA-256 of its file in the store. */
  readonly file: string;
  /** The content of images and labels, and the normalisation of test images: equal sets by different routes are scored once. */
  readonly content: string;
  readonly facts: SetFacts;
}

/** The job that trains networks of an architecture on a set under a protocol, and reads each. */
export async function evaluateJob(
  name: string,
  dataset: Source,
  info: DatasetInfo,
  set: ScoredSet,
  { text, spec }: { readonly text: string; readonly spec: NetworkSpec },
  { epochs, augmentation, repeats, seed }: ScoreProtocol,
  readings: readonly ReadingSpec[],
): Promise<Job<"evaluate">> {
  const protocol = await setProtocol(set.facts, info, { epochs, augmentation, repeats, seed, readings });
  const content = networkContent(spec);
  const configuration = {
    dataset: info.checksum,
    set: set.content,
    network: networkText(spec),
    ...(content !== undefined && { networkContent: content }),
    protocol,
  };
  const determined = { kind: "evaluate", version: versions.evaluate, configuration, inputs: [] } as const;
  const task = { dataset, set: set.file, network: text, epochs, augmentation, repeats, seed, readings };
  const work = protocol.recipe.epochs * set.facts.samples * repeats * size(arrayShape(info.domain));
  return { ...determined, key: keyOf(determined), name, task, work };
}
