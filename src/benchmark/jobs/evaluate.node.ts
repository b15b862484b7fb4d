import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { type Protocol, type ProtocolOptions, type SetFacts, setProtocol } from "../../evaluate/protocol.ts";
import type { ReadingSpec } from "../../evaluate/readings/index.ts";
import { parseSampling } from "../../evaluate/sampling/index.ts";
import {
  epochsFor,
  type NetworkSpec,
  networkContent,
  networkText,
  parseTrainingAttack,
} from "../../hypotheses/index.ts";
import { keyOf } from "../plan/key.node.ts";
import { unreadable } from "../plan/unreadable.ts";
import { type Job, type ScoreProtocol, type Source, versions } from "./job.ts";
import { memoryOfTraining } from "./memory.ts";

/** A set as a score depends on it. */
export interface ScoredSet {
  /** SHA-256 of its file in the store. */
  readonly file: string;
  /** The content of images and labels, and the normalisation of test images: equal sets by different routes are scored once. */
  readonly content: string;
  readonly facts: SetFacts;
}

/** Protocols by what they are resolved from: scores of a study have few between them. */
const protocols = new Map<string, Promise<Protocol>>();

/** The protocol of networks on a set with such facts. */
export function protocolOf(info: DatasetInfo, facts: SetFacts, asked: ScoreProtocol, taken: readonly ReadingSpec[]) {
  const { augmentation, adversarial, sampling, repeats, seed } = asked;
  const epochs = epochsOf(asked, facts);
  const id = JSON.stringify([info.checksum, facts, epochs, augmentation, adversarial, sampling, repeats, seed, taken]);
  const known = protocols.get(id);
  if (known) return known;
  const resolved = setProtocol(facts, info, {
    epochs,
    augmentation,
    ...trainingOptionsOf(asked),
    repeats,
    seed,
    readings: taken,
  });
  protocols.set(id, resolved);
  return resolved;
}

/** The perturbation and the way of sampling that are asked for, as options of a protocol. */
export const trainingOptionsOf = ({
  adversarial,
  sampling,
}: Pick<ScoreProtocol, "adversarial" | "sampling">): Pick<ProtocolOptions, "adversary" | "sampling"> => ({
  ...(adversarial !== undefined && { adversary: parseTrainingAttack(adversarial, "adversarial: ") }),
  ...(sampling !== undefined && { sampling: parseSampling(sampling) }),
});

/** Epochs that are asked for, by name or as so many steps of gradient descent; undefined where neither is. */
export function epochsOf({ epochs, steps }: ScoreProtocol, { samples }: SetFacts): number | undefined {
  if (steps === undefined) return epochs;
  return epochsFor(steps, samples);
}

/** The job that trains networks of an architecture on a set under a protocol, and takes of each the readings that it has. */
export async function evaluateJob(
  name: string,
  dataset: Source,
  info: DatasetInfo,
  set: ScoredSet,
  { text, spec }: { readonly text: string; readonly spec: NetworkSpec },
  asked: ScoreProtocol,
  wanted: readonly ReadingSpec[],
): Promise<Job<"evaluate">> {
  const { augmentation, adversarial, sampling, repeats, seed, baselines, redrawn } = asked;
  const epochs = epochsOf(asked, set.facts);
  const taken = wanted.filter((reading) => unreadable(reading, spec, set.facts, info) === undefined);
  const protocol = await protocolOf(info, set.facts, asked, taken);
  const content = networkContent(spec);
  const beside = { ...(baselines && { baselines }), ...(redrawn !== undefined && { redrawn }) };
  const configuration = {
    dataset: info.checksum,
    set: set.content,
    network: networkText(spec),
    ...(content !== undefined && { networkContent: content }),
    protocol,
    // Samples of other ways than the images come of what is kept beside these.
    ...(sampling !== undefined && { file: set.file }),
    ...beside,
  };
  const determined = { kind: "evaluate", version: versions.evaluate, configuration, inputs: [] } as const;
  const task = {
    dataset,
    set: set.file,
    network: text,
    epochs,
    augmentation,
    ...(adversarial !== undefined && { adversarial }),
    ...(sampling !== undefined && { sampling }),
    repeats,
    seed,
    readings: taken,
    ...beside,
  };
  const trained = repeats * (1 + (baselines?.length ?? 0));
  const work = protocol.recipe.epochs * set.facts.samples * trained * size(arrayShape(info.domain));
  const memory = memoryOfTraining(info, set.facts.samples, protocol.recipe.batch, spec);
  return { ...determined, key: keyOf(determined), name, task, work, memory };
}
