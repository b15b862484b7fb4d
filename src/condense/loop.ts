import type { Tensor } from "../engine/index.ts";
import type { TrainingLoss } from "../hypotheses/index.ts";
import type { State } from "./state.ts";

/** What a network trains on: images [M, C, H, W], class by class, in the training normalisation. */
export interface CondensedImages {
  readonly images: Tensor;
  /** The class of each image. */
  readonly labels: Int32Array;
  /** [M, K] where labels are learned. */
  readonly softLabels?: Tensor;
  /** What to train on them with; cross-entropy where left out. */
  readonly loss?: TrainingLoss;
  /** Of the network's training, where one was learned. */
  readonly learningRate?: number;
}

/** A way of moving S step by step. A step is a pure function of state and configuration. */
export interface Loop {
  /** The state before the first step. Rejects where the signal is aborted. */
  start(signal?: AbortSignal): Promise<State>;
  /** @throws AttarError "diverged" (exit code 3); the given state is untouched. */
  step(state: State): Promise<{ state: State; loss: number }>;
  trainingSet(variables: State["variables"]): Promise<CondensedImages>;
  /** Multiply-adds of a step. */
  multiplyAdds(): Promise<number>;
  /** Numbers in one hypothesis. */
  readonly parameters: number;
  /** Numbers that S is stored in, beside its labels. */
  readonly storedFloats: number;
  dispose(): void;
}
