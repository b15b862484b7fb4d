import { type Configuration, resolveConfiguration } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { epochsForSet, type SetFacts } from "../../evaluate/protocol.ts";
import { networkSeconds } from "../../evaluate/scoringCost.ts";
import { isCoreset } from "../../methods/method.ts";
import { spaceNamed } from "../../synthetic/index.ts";
import { condenseJob } from "../jobs/condense.node.ts";
import { epochsOf } from "../jobs/evaluate.node.ts";
import type { Source } from "../jobs/job.ts";
import { scoreTimeJob } from "../jobs/scoreTime.node.ts";
import { timeJob } from "../jobs/time.node.ts";
import type { ProbeCell } from "../plan/cells.node.ts";
import { type Measured, measuredBy } from "../rows/measurementRows.ts";
import { takenIn } from "../rows/taken.node.ts";
import type { Store } from "../store/store.ts";
import type { StudyDataset, Subject } from "../study/resolved.ts";
import type { StudyProtocol } from "../study/schema.ts";
import type { CellCost } from "./steps.ts";

type ByMethod = Extract<Subject["made"], { by: "method" }>;

/** Networks that are to be trained on a set. */
export interface Scoring {
  readonly network: string;
  readonly protocol: StudyProtocol;
}

/** The measurements that say what a set of a method costs, with its scores. */
export interface Measurements {
  /** Of a step; none of a coreset, which takes no steps. */
  readonly step?: ProbeCell;
  readonly scores: readonly { readonly probe: ProbeCell; readonly networks: number; readonly epochs: number }[];
}

/**
 * The measurements that a method's cell follows from. Nothing is measured here.
 *
 * @param name of the step's measurement
 * @param subject whose method it is, by its name in the study
 * @throws AttarError as `resolveConfiguration` does for what cannot be
 */
export function measurementsOf(
  name: string,
  { label: subject, made }: { readonly label: string; readonly made: ByMethod },
  dataset: StudyDataset & { readonly info: DatasetInfo },
  ipc: number,
  seed: number,
  scorings: readonly Scoring[],
): Measurements {
  const { source, info } = dataset;
  const facts = factsOfRun(info, resolveConfiguration(info, made.method, { ...made.given, ipc, seed }), ipc);
  const images = facts.samples / info.classes.length;
  const scores = scorings.map(({ network, protocol }) => {
    const augmentation = protocol.augmentation ?? facts.augmentation;
    return {
      probe: scoringProbe(dataset.label, dataset, source, info, images, network, augmentation),
      networks: protocol.repeats,
      epochs: epochsOf(protocol, facts) ?? epochsForSet(facts, info, protocol),
    };
  });
  if (isCoreset(made.method)) return { scores };
  const job = timeJob(condenseJob(source, info, made, ipc, seed)(name, seed).job);
  return { step: { name: job.name, subject, dataset, ipc, job }, scores };
}

function scoringProbe(
  label: string,
  dataset: StudyDataset,
  source: Source,
  info: DatasetInfo,
  images: number,
  network: string,
  augmentation: string,
): ProbeCell {
  const name = `scoring/${label}/${images}-images/${network}/${augmentation || "none"}`;
  return {
    name,
    subject: "scoring",
    dataset,
    ipc: images,
    job: scoreTimeJob(name, source, info, images, network, augmentation),
  };
}

/** The facts of the set that a run will make; a learning rate that it learns is not among them. */
export function factsOfRun(
  info: DatasetInfo,
  { synthetic, augmentation, labels }: Configuration,
  ipc: number,
): SetFacts {
  const { name, options } = synthetic;
  const { imagesPerClass } = spaceNamed(name).extent(options, info, ipc);
  return {
    samples: imagesPerClass * info.classes.length,
    augmentation,
    ...(labels?.learned && { loss: labels.form === "centred" ? "squared-error" : "cross-entropy" }),
  };
}

export const probesOf = ({ step, scores }: Measurements): readonly ProbeCell[] => [
  ...(step ? [step] : []),
  ...scores.map(({ probe }) => probe),
];

/** What a store has of measurements, by key: its own results, and else what rows recorded that it took in. */
export async function measuredIn(store: Store, probes: readonly ProbeCell[]): Promise<ReadonlyMap<string, Measured>> {
  const keys = (kind: string) => [...new Set(probes.flatMap(({ job }) => (job.kind === kind ? job.key : [])))];
  const [steps, scores, taken] = await Promise.all([
    store.results("time", keys("time")),
    store.results("score-time", keys("score-time")),
    takenIn(store),
  ]);
  const recorded = measuredBy(taken.rows);
  const wanted = probes.flatMap(({ job: { key } }) => {
    const measured = recorded.get(key);
    return measured ? [[key, measured] as const] : [];
  });
  return new Map<string, Measured>([...wanted, ...steps, ...scores]);
}

/**
 * The cost of a cell by its measurements.
 *
 * @returns nothing where one is missing; a sentence where the run diverges within the steps that are timed
 */
export function costOf(
  { step, scores }: Measurements,
  results: ReadonlyMap<string, Measured>,
): CellCost | string | undefined {
  const timed = step && results.get(step.job.key);
  if (step && !timed) return undefined;
  if (timed?.status === "diverged") return timed.reason ?? "its run diverges";
  let scoring = 0;
  for (const { probe, networks, epochs } of scores) {
    const found = results.get(probe.job.key);
    if (!found) return undefined;
    const { perEpoch = 0, beside = 0 } = found.values as { perEpoch?: number; beside?: number };
    scoring += networks * networkSeconds({ perEpoch, beside }, epochs);
  }
  const { secondsPerStep = 0, startSeconds = 0 } = (timed?.values ?? {}) as Readonly<Record<string, number>>;
  return { perStep: secondsPerStep, start: startSeconds, scoring };
}
