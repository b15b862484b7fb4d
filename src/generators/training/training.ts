import type { Array as Traced } from "@jax-js/jax";
import type { RandomKey, Tensor } from "../../engine/index.ts";
import type { Optimizer, Params, ScheduleName, ShapeTable, TracedParams } from "../../hypotheses/index.ts";
import type { Codes } from "../code.ts";

/** A batch as a loss sees it: images, one-hot labels, and what is drawn for it. */
export interface LossInputs {
  readonly images: Traced;
  readonly labels: Traced;
  readonly draws: { [name: string]: Traced };
}

/** The samples that a generator is trained on: [n, C, H, W] in the training normalisation, and their classes. */
export interface GeneratorSamples {
  readonly images: Tensor;
  readonly labels: Int32Array;
}

/** A scalar, and beside it its terms by name, scalars, and what `after` reads. */
export type LossWithTerms = [loss: Traced, beside: { [name: string]: Traced }];

/** What every training says beside its losses. */
interface Learning {
  /** Random arrays of a loss of n samples. */
  draws(n: number, key: RandomKey): Readonly<Record<string, Tensor>>;
  /** The rule that the generator is moved by; Adam where left out. */
  readonly optimizer?: Optimizer;
  /** The course of the rate over the training's steps. */
  readonly schedule?: ScheduleName;
  /** Parameters after a step, changed by rules that follow no gradient: moving averages. */
  after?(params: Params, beside: Readonly<Record<string, Tensor>>): Params;
  /**
   * Decay of a running mean of the generator's parameters, which stands for them at the end; min(decay, (1 + t) / (10 + t)) after t steps, so
   * that the start is forgotten.
   */
  readonly average?: number;
  /** Fits the prior to the codes of layer 0 of all training samples. */
  fitPrior?(params: Params, codes: Codes, labels: Int32Array): Params;
}

/** A generator's own loss, minimised along a cosine. */
export interface OwnTraining extends Learning {
  /** The loss of a batch. Consumes both arguments. */
  loss(params: TracedParams, batch: LossInputs): LossWithTerms;
}

/** A critic's parameters. */
export interface Critic {
  readonly shapes: ShapeTable;
  init(key: RandomKey): Params;
}

/**
 * A generator against a critic (A.1.2): the critic takes `criticSteps` steps, the generator one, at constant rates. Each loss is given the
 * other's parameters, which get no gradient. Both consume what they are given.
 */
export interface AdversarialTraining extends Learning {
  readonly critic: Critic;
  criticLoss(critic: TracedParams, given: LossInputs & { readonly generator: TracedParams }): LossWithTerms;
  generatorLoss(generator: TracedParams, given: LossInputs & { readonly critic: TracedParams }): LossWithTerms;
  /** A loss that takes the critic's place in its steps 0, `every`, 2·`every`, …: one whose penalty is computed only now and then. */
  readonly lazily?: {
    readonly every: number;
    criticLoss: AdversarialTraining["criticLoss"];
  };
  /** Steps of the critic for one of the generator; 1. */
  readonly criticSteps?: number;
  /** The rule that the critic is moved by; the generator's where left out. */
  readonly criticOptimizer?: Optimizer;
  /** Factor on the critic's rate; 1. */
  readonly criticRate?: number;
  /** The critic's weights are cut to plus and minus this after every step. */
  readonly clip?: number;
}

/** What a stage finds before its first step. */
export interface StageStart {
  /** All parameters as the stages before left them. */
  readonly params: Params;
  readonly samples: GeneratorSamples;
  readonly key: RandomKey;
  readonly signal: AbortSignal | undefined;
}

/** One stage of a training: some of the layers learn, the others are held fixed. */
export interface TrainingStage {
  readonly name: string;
  /** Its share of the steps, in any unit. */
  readonly share: number;
  /** Factor on the recipe's rate; 1. */
  readonly rate?: number;
  /** The layers of parameters that learn. */
  readonly trains: readonly string[];
  /** The other layers that its losses read; what they are given holds those and `trains`. */
  readonly reads: readonly string[];
  /**
   * Host work before the first step: parameters that are measured, samples in another form (codes in place of images). Again after a
   * resume, so it reads none of `trains` and is a function of what it is given.
   */
  prepare?(start: StageStart): Promise<{ readonly params?: Params; readonly samples?: GeneratorSamples }>;
  readonly training: OwnTraining | AdversarialTraining;
}

/** Trainings one after the other. */
export interface StagedTraining {
  readonly stages: readonly TrainingStage[];
  /** As of {@link OwnTraining}, after the last stage. */
  fitPrior?(params: Params, codes: Codes, labels: Int32Array): Params;
}

/** The way that a generator is trained: by its own loss, against a critic, or in stages of these. */
export type GeneratorTraining = OwnTraining | AdversarialTraining | StagedTraining;
