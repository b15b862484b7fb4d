import type { Array as Traced } from "@jax-js/jax";
import type { Cited, OptionRules, RandomKey, Resolved, Serving, Tensor } from "../../engine/index.ts";
import type { Network, Params } from "../network.ts";
import type { Hypothesis } from "../sources/source.ts";
import type { NamedTensors, NamedTraced } from "./innerLoss.ts";
import type { PredictionLoss, Targets } from "./kernelRidge/ridge.ts";
import type { InnerData } from "./unroll.ts";

/** A solver gives a network's trained parameters, or a predictor that is known by its outputs alone. */
export type Yielded = "network" | "predictor";

/** Something learned beside S: an inner learning rate, a temperature. */
export interface Learned {
  readonly initial: Tensor;
  /** Factor on the learning rate of the images. */
  readonly rate: number;
}

/** The circumstances that a solver is made for. */
export interface SolverContext {
  readonly network: Network;
  readonly classes: number;
  /** Images of S per class; they lie class by class. */
  readonly imagesPerClass: number;
  /** Images, one after the other, that are renderings of one sample: an inner step sees every sample in one of them. 1 where left out. */
  readonly renderings?: number;
  readonly key: RandomKey;
  /** Augments the images of an inner step: what is drawn for `count` of them, [count, …] each, and how it is applied. */
  readonly augment?: {
    draw(key: RandomKey, count: number): NamedTensors;
    apply(images: Traced, each: NamedTraced): Traced;
  };
  /** The targets that the inner loss makes of the labels of S; themselves where left out. */
  readonly labels?: (labels: Traced) => Traced;
  /** The outer loss, where the criterion reads outputs. */
  readonly loss?: PredictionLoss;
}

/** The inner problem of one outer step. */
export interface InnerProblem {
  /** Outer step, from 0. */
  readonly step: number;
  readonly hypothesis: Hypothesis;
  /** The others, where the solver asks for several. */
  readonly beside?: readonly Hypothesis[];
  readonly data: InnerData;
  /** Values of what the solver learns, by name. */
  readonly learned: NamedTensors;
}

/** Derivatives of an outer loss. */
export interface SolvedGradient {
  /** [M, C, H, W]. */
  readonly images: Tensor;
  /** [M, K]. */
  readonly labels: Tensor;
  /** The gradient in what the solver and, of a predictor, the criterion learn. */
  readonly learned: NamedTensors;
}

interface AnySolver {
  /** The numbers it learns, by name. */
  readonly learned: Readonly<Record<string, Learned>>;
  /** Keeps what it learns within bounds, after an outer step. */
  settle?(learned: NamedTensors): NamedTensors;
  /** The learning rate that a network is to be trained with on S; undefined where not one for all steps is learned. */
  learningRate?(learned: NamedTensors): number | undefined;
  /**
   * Multiply-adds of an outer step: the inner problem and its derivative.
   *
   * @param pass of one image through the network. @param real images of T in the step.
   */
  multiplyAdds(pass: number, real: number): number;
  dispose(): void;
}

/** h*_S as a network, and how a cotangent of its parameters comes back to S. */
export interface TrainedNetwork {
  readonly params: Params;
  pullback(cotangent: Params): Promise<SolvedGradient>;
}

export interface NetworkSolver extends AnySolver {
  readonly yields: "network";
  /** @throws AttarError exit code 3 where training on S diverges. */
  solve(problem: InnerProblem): Promise<TrainedNetwork>;
}

/** A batch of T made worse for a predictor. @param slope the gradient of each sample's loss in its image, at any images of the batch */
export type Perturbed = (real: Targets, slope: (images: Tensor) => Promise<Tensor>) => Promise<Targets>;

export interface PredictorSolver extends AnySolver {
  readonly yields: "predictor";
  /**
   * The mean of `context.loss` over a batch of T, and its derivatives. `learned`: what the criterion learns. `perturbed` may
   * change the batch once the predictor is known, by the gradient of each sample's loss in its image.
   */
  lossAndGradient(
    problem: InnerProblem,
    real: Targets,
    learned: NamedTensors,
    perturbed?: Perturbed,
  ): Promise<SolvedGradient & { readonly loss: number }>;
}

/** A kind of solver by its traits; `make` fixes options and surroundings. */
export interface SolverKind<Y extends Yielded = Yielded, R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly yields: Y;
  readonly title: string;
  readonly reference: string;
  readonly options: R;
  /** True of a predictor that lets a batch of T be perturbed against it. */
  readonly attacked?: boolean;
  /** The number of hypotheses that an outer step looks through; one where left out. */
  hypotheses?(options: Resolved<R>): number;
  make(options: Resolved<R>, context: SolverContext): Y extends "network" ? NetworkSolver : PredictorSolver;
}

/** Declares a kind of solver: `make` sees the values that its rules allow, by their types. */
export const declareSolver = <const Y extends Yielded, const R extends OptionRules>(
  kind: SolverKind<Y, R>,
): SolverKind<Y, R> => kind;
