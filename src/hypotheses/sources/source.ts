import type { Cited, OptionRules, RandomKey, Resolved, Serving, Tensor } from "../../engine/index.ts";
import type { ExpertRequest, Experts } from "../experts/experts.ts";
import type { TeacherRequest, Teachers, TrainedRequest } from "../experts/teachers.ts";
import type { Network, NetworkSpec, Params } from "../network.ts";
import type { TrainingSet, TrainOptions } from "../training/train.ts";

/** One h that stands for the supremum over ℋ in a step. */
export interface Hypothesis {
  readonly params: Params;
  /** Share of images classified correctly while it was trained, 0..1; 0 for an untrained one. */
  readonly accuracy: number;
  /** Orthonormal directions of the parameters that it lies in the span of, leaves [k, …shape]; few sources have them. */
  readonly subspace?: Params;
  /** Parameters that training on S from `params` ought to reach; experts have them. */
  readonly target?: Params;
}

/** The tensors that a source keeps between steps, by name: it goes into checkpoints, byte for byte. */
export type Kept = Readonly<Record<string, Tensor>>;

/** The sets and networks that a source can train on or draw from. */
export interface Feed {
  /** `count` random images of T, without repetition while T has as many. */
  real(count: number, key: RandomKey): Promise<TrainingSet>;
  /** All images that S trains a network with at this moment. */
  synthetic(): Promise<TrainingSet>;
  /** Images that S makes of codes which the key draws, where every step draws codes anew. */
  drawn?(key: RandomKey): Promise<TrainingSet>;
  /** The method's augmentation for training: operators drawn by batch, parameters by image. Absent where it has none. */
  readonly augment?: TrainOptions["augment"];
  /** Experts trained on T, where the loop has them. */
  experts?(request: ExpertRequest): Promise<Experts>;
  /** Teachers trained on T, where the loop has them. */
  teachers?(request: TeacherRequest): Promise<Teachers>;
  /** CutMix of a batch with probability 1/2. */
  readonly mix: NonNullable<TrainOptions["mix"]>;
}

/** The position of step s: it sees hypothesis number `network`, for the (`within` + 1)-th time. */
export interface Position {
  readonly network: number;
  readonly within: number;
}

/**
 * A source of hypotheses. Everything is a function of the run's key, the step and what is kept, so that a resumed run
 * goes on as if it had never stopped.
 */
export interface HypothesisSource {
  position(step: number): Position;
  /**
   * `count` hypotheses for a step, the principal one first; may train (a pool before the first step). The same object for
   * the same hypothesis, so that what is computed from it can be remembered.
   */
  at(step: number, count: number, kept: Kept, feed: Feed): Promise<{ hypotheses: readonly Hypothesis[]; kept: Kept }>;
  /** Makes the principal hypothesis of a coming step, where it depends on the step alone: {@link at} then finds it made. */
  foresee?(step: number): void;
  /** Trains between steps, after S has moved. Returns what the next step's `at` receives. */
  after(step: number, hypotheses: readonly Hypothesis[], kept: Kept, feed: Feed): Promise<Kept>;
  /** Frees what it holds beside the network, which belongs to the caller. */
  dispose?(): void;
  /** Images that networks are trained on in one step of a run of so many, on average: for estimates. */
  readonly trainedImages: (synthetic: number, steps: number) => number;
}

/** A source by its traits; `make` fixes options, network and key. */
export interface SourceKind<R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly title: string;
  readonly reference: string;
  readonly options: R;
  /** Hypotheses it can give at once: 0 where there is no network, Infinity where there is no limit. */
  readonly atOnce: number;
  /** The networks trained on T beforehand that it draws from, which the feed must have; absent where it needs none. */
  needs?(options: Resolved<R>, network: NetworkSpec): TrainedRequest;
  /** True where its option "augmented" means the field's augmentation for the data set, whatever the objective does. */
  readonly ownAugmentation?: boolean;
  /** True where its hypotheses come with a subspace. */
  readonly subspace?: boolean;
  /** True where its hypotheses come with a target. */
  readonly target?: boolean;
  make(options: Resolved<R>, network: Network, key: RandomKey): HypothesisSource;
}

/** Declares a source: `make` sees the values that its rules allow, by their types. */
export const declareSource = <const R extends OptionRules>(kind: SourceKind<R>): SourceKind<R> => kind;
