import { checkNetworkServes, type NetworkSpec, networkText, resolveNetwork } from "../../hypotheses/index.ts";
import { isCoreset } from "../../methods/method.ts";
import { isDrawn } from "../../synthetic/index.ts";
import { strategyFor } from "../../tricks/index.ts";
import { auditJob } from "../jobs/audit.node.ts";
import { condenseJob } from "../jobs/condense.node.ts";
import { importJob } from "../jobs/import.node.ts";
import type { AnyJob, FollowUps, Job, ScoreProtocol } from "../jobs/job.ts";
import { referenceJob } from "../jobs/reference.node.ts";
import { timeJob } from "../jobs/time.node.ts";
import type { Claim, Refusal, ResolvedStudy, StudyDataset, Subject } from "../study/resolved.ts";
import { refusalOf } from "../study/resolveStudy.node.ts";
import { isFor, type StudyProtocol, type Tier } from "../study/schema.ts";

/** A set of a study: a subject on a dataset at a size, by a seed. */
export interface SetCell {
  /** subject/dataset/ipc1/seed0. */
  readonly name: string;
  readonly subject: Subject;
  readonly dataset: StudyDataset;
  readonly ipc: number;
  readonly seed: number;
  /** Whether it is a baseline: a coreset, which is cheap and which others are held against. */
  readonly baseline: boolean;
  /** The place of its seed in the study. */
  readonly turn: number;
  /** The job that makes it; none where it cannot be, or what it waits for is not measured yet. */
  readonly job?: Job<"condense"> | Job<"import">;
  /** The keys of measurements that its steps follow from. */
  readonly measured?: readonly string[];
  /** The seconds that the cell may take, scoring included, where the study gives a budget. */
  readonly budget?: number;
  readonly refused?: Refusal;
  /** The jobs that make what the set is condensed with: experts, teachers, an encoder. */
  readonly artefacts?: readonly Job<"experts">[];
  /** The job that times its steps, where the study asks for that. */
  readonly timed?: Job<"time">;
  /** The job that attacks membership, where the study asks for that. */
  readonly audited?: Job<"audit">;
  readonly scores: readonly ScoreCell[];
}

/** Networks of an architecture that are trained on a set under a protocol. */
export interface ScoreCell {
  /** The set's name, and /network/protocol. */
  readonly name: string;
  readonly network: string;
  readonly spec: NetworkSpec;
  readonly protocol: ScoreProtocol & { readonly name: string };
  readonly refused?: Refusal;
}

/** Networks that are trained on the whole training split. */
export interface ReferenceCell {
  readonly name: string;
  readonly dataset: StudyDataset;
  readonly network: string;
  readonly protocol: StudyProtocol;
  readonly job?: Job<"reference">;
  readonly refused?: Refusal;
}

/** A measurement of this machine that other cells follow from. */
export interface ProbeCell {
  readonly name: string;
  /** The subject whose steps are timed; "scoring" where the training of a network is. */
  readonly subject: string;
  readonly ipc: number;
  readonly dataset: StudyDataset;
  readonly job: Job<"time"> | Job<"score-time">;
}

/** A study as cells. */
export interface Cells {
  readonly study: ResolvedStudy;
  readonly probes: readonly ProbeCell[];
  readonly sets: readonly SetCell[];
  readonly references: readonly ReferenceCell[];
}

/** The part of a study that is asked for. */
export interface Asked {
  readonly tier?: Tier;
  /** How many steps a method takes on a dataset at a size; those of its settings where left out. */
  readonly share?: (subject: Subject, dataset: StudyDataset, ipc: number) => Share | undefined;
}

/** The steps that fit into a budget, with the keys of the measurements that say so; why there are none; or that they are not measured yet. */
export type Share = {
  readonly measured: readonly string[];
  readonly steps?: number;
  readonly refused?: Refusal;
};

/**
 * Lists all cells of a study, in the order that it names them. What cannot be has its reason in place of a job. Nothing is loaded and nothing
 * computed: facts of datasets and records of methods are enough.
 */
export function cellsOf(study: ResolvedStudy, { tier, share }: Asked = {}): Cells {
  const { subjects, datasets, protocols, objectives } = study;
  const { ipc: sizes, seeds, exclude } = study.study;
  const readings = readingsOfStudy(study);
  const reads = objectives.some((one) => one.of === "network" || one.of === "derived");
  const times = objectives.some((one) => one.of === "machine");
  const size = objectives.find((one) => one.of === "audit")?.audit;
  const inTier = (axis: keyof Tier, value: string | number) => isIn(tier?.[axis], value);
  const sets: SetCell[] = [];
  for (const dataset of datasets) {
    if (!inTier("datasets", dataset.label)) continue;
    const trained = networksFor(study, dataset);
    const { info } = dataset;
    for (const subject of subjects) {
      if (!inTier("methods", subject.label)) continue;
      for (const ipc of sizes) {
        if (!inTier("ipc", ipc)) continue;
        const own = share?.(subject, dataset, ipc);
        const make = own
          ? sharedMaker(own, subject, dataset, ipc, seeds[0]!)
          : jobMaker(subject, dataset, ipc, seeds[0]!);
        for (const [turn, seed] of seeds.entries()) {
          if (!inTier("seeds", seed) || (subject.made.by === "import" && turn > 0)) continue;
          const name = `${subject.label}/${dataset.label}/ipc${ipc}/seed${seed}`;
          const at = { methods: subject.label, datasets: dataset.label, ipc, seeds: seed };
          const left = exclude.find((part) => covers(part, at) && !part.networks && !part.protocols);
          const made: Made = left ? { refused: leftOut(left.reason) } : make(name, seed);
          const scores: ScoreCell[] = [];
          for (const { protocol, networks = trained } of reads ? protocols : [])
            for (const network of networks) {
              if (!inTier("networks", network.text) || !inTier("protocols", protocol.name)) continue;
              if (!isFor(protocol, subject.label, dataset.label, ipc)) continue;
              const there = { ...at, networks: network.text, protocols: protocol.name };
              const out = exclude.find((part) => covers(part, there));
              const refused = out ? leftOut(out.reason) : scoreRefusal(network.spec, dataset);
              scores.push({
                name: `${name}/${network.text}/${protocol.name}`,
                network: network.text,
                spec: network.spec,
                protocol: askedOf(protocol, subject, dataset),
                ...(refused && { refused }),
              });
            }
          const place = { name, subject, dataset, ipc, seed, turn };
          const set = setCell(place, made, scores, readings, times && turn === 0);
          const isAudited = size && turn === 0 && made.job?.kind === "condense" && info && !info.target;
          const audited =
            isAudited && trained[0] && protocols[0]
              ? auditJob(made.job, trained[0].text, askedOf(protocols[0].protocol, subject, dataset), size)
              : undefined;
          sets.push({
            ...set,
            ...(audited && { audited }),
            ...(own && { measured: own.measured, budget: study.budget! }),
          });
        }
      }
    }
  }
  return { study, probes: [], sets, references: reads ? referencesOf(study, tier) : [] };
}

/** A set's cell, with its job and the scores that come after it. @param times whether its steps are timed for a row */
export function setCell(
  place: Pick<SetCell, "name" | "subject" | "dataset" | "ipc" | "seed" | "turn">,
  { job, refused, artefacts }: Made,
  scores: readonly ScoreCell[],
  readings: FollowUps["readings"],
  times: boolean,
): SetCell {
  const { made } = place.subject;
  const moves = made.by === "method" && !isCoreset(made.method);
  return {
    ...place,
    baseline: made.by === "method" && !moves,
    ...(refused && { refused }),
    ...(job && { job: followed(job, scores, readings) }),
    ...(artefacts && { artefacts }),
    ...(times && moves && job?.kind === "condense" && { timed: timeJob(job) }),
    scores,
  };
}

/** What others published for a set: the claim of its dataset and size, or one of all. */
export const claimFor = ({ subject, dataset, ipc }: Pick<SetCell, "subject" | "dataset" | "ipc">): Claim | undefined =>
  subject.claimed.find((claim) => (claim.dataset ?? dataset.label) === dataset.label && (claim.ipc ?? ipc) === ipc);

/**
 * A protocol as scores of a subject are asked for. Coresets, which were made for no augmentation, get the dataset's usual one, as
 * `attar evaluate random` has it; a rule that draws at random is drawn anew where the protocol wants that.
 */
function askedOf(
  { redraw, for: _, networks: __, ...protocol }: StudyProtocol,
  { made }: Subject,
  { info }: StudyDataset,
): ScoreCell["protocol"] {
  if (made.by !== "method" || !isCoreset(made.method)) return protocol;
  const usual = info ? strategyFor(info) || "none" : undefined;
  return {
    ...protocol,
    ...(protocol.augmentation === undefined && usual !== undefined && { augmentation: usual }),
    ...(redraw && isDrawn(made.method.name) && { redrawn: made.method.name }),
  };
}

/** A set's job with the scores that come after it. */
function followed<J extends AnyJob>(job: J, scores: readonly ScoreCell[], readings: FollowUps["readings"]): J {
  const wanted = scores.filter(({ refused }) => !refused);
  const then = { scores: wanted.map(({ name, network, protocol }) => ({ name, network, protocol })), readings };
  return wanted.length > 0 ? { ...job, then } : job;
}

const isIn = (list: readonly (string | number)[] | undefined, value: string | number) =>
  list === undefined || list.includes(value);

/** Tells whether a part of a study covers a cell. */
const covers = (part: Tier, cell: Readonly<Partial<Record<keyof Tier, string | number>>>) =>
  (["methods", "datasets", "ipc", "seeds", "networks", "protocols"] as const).every(
    (axis) => part[axis] === undefined || (cell[axis] !== undefined && isIn(part[axis], cell[axis])),
  );

const leftOut = (reason?: string): Refusal => ({
  code: "excluded",
  message: reason ?? "the study leaves it out",
});

/** The networks that are trained on sets of a dataset. */
export function networksFor({ networks }: ResolvedStudy, { info }: StudyDataset) {
  if (networks.length > 0 || !info) return networks;
  const spec = resolveNetwork(info.domain.network);
  return [{ text: networkText(spec), spec }];
}

export function scoreRefusal(spec: NetworkSpec, { info }: StudyDataset): Refusal | undefined {
  if (!info) return undefined;
  if (info.counts.test.every((count) => count === 0))
    return { code: "no-test-split", message: `${info.name} has no test split to score on` };
  try {
    checkNetworkServes(spec.name, info.domain.kind, (serving) => `"networks": ["${serving}"]`);
    return undefined;
  } catch (error) {
    return refusalOf(error);
  }
}

type Made = Pick<SetCell, "job" | "refused" | "artefacts">;
type Maker = (name: string, seed: number) => Made;

/** As {@link jobMaker}, with the steps of a budget; no job as long as they are not known. */
function sharedMaker(share: Share, subject: Subject, dataset: StudyDataset, ipc: number, seed: number): Maker {
  const { steps, refused } = share;
  if (refused) return () => ({ refused });
  return steps === undefined ? () => ({}) : jobMaker(withSteps(subject, steps), dataset, ipc, seed);
}

/** A subject with a number of steps. */
export function withSteps(subject: Subject, steps: number): Subject {
  const { made } = subject;
  if (made.by !== "method") return subject;
  return { ...subject, made: { ...made, options: { ...made.options, steps }, given: { ...made.given, steps } } };
}

/** Makes the jobs of a subject on a dataset at a size: what is the same for all seeds is resolved once. */
export function jobMaker(subject: Subject, dataset: StudyDataset, ipc: number, seed: number): Maker {
  const { info, refused, source } = dataset;
  if (!info) return () => ({ refused: refused! });
  const { made } = subject;
  if (made.by === "import") {
    const { file } = made;
    const found = file.foreign?.surveys.get(dataset.label);
    if (found && "message" in found) return () => ({ refused: found });
    const own = found?.ipc ?? file.ipc;
    if (own === ipc) return (name) => ({ job: importJob(name, source, info, file, found) });
    const message = `the set has ${own} images per class`;
    return () => ({ refused: { code: "other-ipc", message } });
  }
  try {
    const job = condenseJob(source, info, made, ipc, seed);
    return job;
  } catch (error) {
    const reason = refusalOf(error);
    return () => ({ refused: reason });
  }
}

export function referencesOf(study: ResolvedStudy, tier?: Tier): ReferenceCell[] {
  const asked = study.study.reference;
  if (asked === false) return [];
  const { epochs, repeats = 1 } = asked === true ? {} : asked;
  const readings = readingsOfStudy(study);
  return study.datasets.flatMap((dataset) => {
    if (!isIn(tier?.datasets, dataset.label)) return [];
    return networksFor(study, dataset).flatMap(({ text, spec }): ReferenceCell[] => {
      if (!isIn(tier?.networks, text)) return [];
      const protocol: StudyProtocol = { name: "full", repeats, seed: 0, ...(epochs !== undefined && { epochs }) };
      const name = `full/${dataset.label}/${text}`;
      const refused = dataset.refused ?? scoreRefusal(spec, dataset);
      const job = refused ? undefined : referenceJob(name, dataset.source, dataset.info!, text, protocol, readings);
      return [{ name, dataset, network: text, protocol, ...(refused && { refused }), ...(job && { job }) }];
    });
  });
}

/** The readings that a study takes of networks. */
export const readingsOfStudy = ({ objectives }: ResolvedStudy) =>
  objectives.flatMap(({ reading }) => (reading && reading.name !== "accuracy" ? [reading] : []));
