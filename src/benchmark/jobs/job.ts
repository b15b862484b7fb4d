import type { ArtefactKindName } from "../../artefacts/index.ts";
import type { ReadOptions } from "../../data/readOptions.ts";
import type { OptionValue } from "../../engine/index.ts";
import type { ReadingSpec } from "../../evaluate/readings/index.ts";
import type { Method } from "../../methods/method.ts";
import type { ListedLayout } from "../study/schema.ts";

/** A dataset as a worker loads it: a known name or an absolute path, and how it is read. */
export interface Source {
  readonly name: string;
  readonly reading?: ReadOptions;
  /** Where there is one, networks are scored on a part of the training split that is held out, and the test split is not there. */
  readonly heldOut?: HeldOut;
}

/** The part of a training split that choices are made on, as `withValidation` takes it. */
export interface HeldOut {
  /** The share of every class, between 0 and 1. */
  readonly share: number;
  /** Rows at most. */
  readonly most: number;
  /** The seed that rows are drawn by. */
  readonly seed: number;
}

/** The options of a condensation, as a study asks for them: what `condense` takes, without what is no JSON. */
export interface CondenseTask {
  readonly dataset: Source;
  /** A method's name, or its record where it is none of the list. */
  readonly method: string | Method;
  readonly options: {
    readonly ipc: number;
    readonly seed: number;
    readonly preset: "laptop" | "paper";
    readonly network?: string;
    readonly steps?: number;
    readonly realBatch?: number;
    readonly imageLearningRate?: number;
    readonly imageMomentum?: number;
    readonly augmentation?: string;
    readonly initialisation?: string;
    readonly settings?: Readonly<Record<string, OptionValue>>;
  };
}

export interface ExpertsTask {
  /** Which of a condensation's artefacts: experts, teachers or an encoder. */
  readonly artefact: ArtefactKindName;
  /** A condensation that needs it; others need the same. */
  readonly condense: CondenseTask;
}

export interface ImportTask {
  readonly dataset: Source;
  /** The absolute path of the file. */
  readonly path: string;
  /** SHA-256 of its bytes; of a set in its authors' layout, of what it comes to. */
  readonly sha256: string;
  /** The layout of its authors, and the subject's name; left out of attar's own files. */
  readonly layout?: ListedLayout;
  readonly subject?: string;
}

export interface EvaluateTask {
  readonly dataset: Source;
  /** SHA-256 of the set's file in the store; left out where networks are trained on the whole training split. */
  readonly set?: string;
  readonly network: string;
  readonly epochs?: number;
  readonly augmentation?: string;
  readonly adversarial?: string;
  readonly sampling?: string;
  readonly repeats: number;
  readonly seed: number;
  readonly readings: readonly ReadingSpec[];
  /** Coreset rules whose subsets are trained beside the set. */
  readonly baselines?: readonly string[];
  /** The rule by which the set is drawn anew for every network. */
  readonly redrawn?: string;
}

/** How large an audit of membership is. */
export interface AuditSize {
  /** Halves that are condensed. */
  readonly shadows: number;
  /** Training samples that are asked about; all where left out. */
  readonly pool?: number;
}

export interface AuditTask extends AuditSize {
  readonly condense: CondenseTask;
  readonly network: string;
  readonly epochs?: number;
  readonly seed: number;
}

/** The scoring of sets of a size, to be timed. */
export interface ScoreTimeTask {
  readonly dataset: Source;
  /** Images of a class that a network trains on. */
  readonly images: number;
  readonly network: string;
  readonly augmentation: string;
}

/** The kinds of jobs, and what a worker is told of one of each. */
export interface Tasks {
  readonly experts: ExpertsTask;
  readonly condense: CondenseTask;
  readonly import: ImportTask;
  readonly evaluate: EvaluateTask;
  readonly reference: EvaluateTask;
  readonly time: CondenseTask;
  readonly audit: AuditTask;
  readonly "score-time": ScoreTimeTask;
}

export type JobKind = keyof Tasks;

/** The versions of the kinds. A kind's is raised in the commit in which the same configuration comes to other bytes. */
export const versions: Readonly<Record<JobKind, number>> = {
  experts: 1,
  condense: 1,
  import: 1,
  evaluate: 1,
  reference: 1,
  time: 1,
  audit: 2,
  "score-time": 1,
};

/** Kinds whose results differ from run to run: what they measure is the machine. */
export const measuresMachine = (kind: JobKind): boolean => kind === "time" || kind === "score-time";

/**
 * Tells whether a job draws the noise of a private run, or of the private runs of an audit: secret, and other noise whenever it is
 * computed, so that two results of it differ as they should.
 */
export const drawsNoise = (configuration: object): boolean =>
  "privacy" in configuration ||
  ("condense" in configuration && typeof configuration.condense === "object" && "privacy" in configuration.condense!);

/** Tells whether two results of a job must be the same. */
export const isDetermined = ({
  kind,
  configuration,
}: {
  readonly kind: JobKind;
  readonly configuration: object;
}): boolean => !measuresMachine(kind) && !drawsNoise(configuration);

/** The scores that are wanted of a set once it is there: whoever made it can put their jobs in. */
export interface FollowUps {
  readonly scores: readonly { readonly name: string; readonly network: string; readonly protocol: ScoreProtocol }[];
  readonly readings: readonly ReadingSpec[];
}

/** How networks are trained on a set, as a study asks for it. */
export interface ScoreProtocol {
  readonly epochs?: number;
  /** Gradient steps in place of epochs. */
  readonly steps?: number;
  readonly repeats: number;
  readonly augmentation?: string;
  /** The perturbation of training images, as `attar evaluate --adversarial` takes it. */
  readonly adversarial?: string;
  /** What networks train on, as `attar evaluate --protocol` takes it. */
  readonly sampling?: string;
  readonly seed: number;
  readonly baselines?: readonly string[];
  readonly redrawn?: string;
}

/** A piece of work with one result. JSON-serialisable: a queue carries it to a worker, which needs nothing else. */
export interface Job<K extends JobKind = JobKind> {
  readonly kind: K;
  readonly version: number;
  /** The name of its result: SHA-256 of what determines it. */
  readonly key: string;
  /** Its place in the study: method/dataset/ipc1/seed0, and of a score network and protocol after that. */
  readonly name: string;
  /** What determines the result, resolved. */
  readonly configuration: object;
  readonly inputs: readonly string[];
  readonly task: Tasks[K];
  /** The scores of the set that it makes. */
  readonly then?: FollowUps;
  /** Keys of the jobs that make its artefacts, in the order that its run opens them. */
  readonly artefacts?: readonly string[];
  /** The condensations that wait for it: whoever has made it can put them in. */
  readonly unlocks?: readonly Job<"condense">[];
  /** Bytes that it takes at its peak, about; what is left out takes little. */
  readonly memory?: number;
  /** True where it must be alone on its machine. */
  readonly exclusive?: boolean;
  /** The size of the work, in numbers that pass through a network: for order and estimates alone. */
  readonly work: number;
}

/** Any job, told apart by its kind. */
export type AnyJob = { [K in JobKind]: Job<K> }[JobKind];
