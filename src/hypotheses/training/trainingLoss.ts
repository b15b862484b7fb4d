import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Tensor } from "../../engine/index.ts";
import { crossEntropy } from "../crossEntropy.ts";
import { centredOneHot, oneHot } from "./oneHot.ts";

type LossSum = (outputs: Traced, targets: Traced) => Traced;

/** Losses that networks are trained with, summed over the batch: [n, K] and [n, K] to a scalar. They consume both. */
export const trainingLosses = {
  /** −Σₖ yₖ log softmax(h)ₖ: targets are probabilities. */
  "cross-entropy": crossEntropy,
  /** ½ ‖h − y‖²: targets are values. */
  "squared-error": (outputs, targets) => np.sum(np.square(outputs.sub(targets))).mul(0.5),
} as const satisfies Record<string, LossSum>;

export type TrainingLoss = keyof typeof trainingLosses;

/** The targets that a network is trained to yield for class indices: one-hot rows [n, K], centred where they are values. */
export function targetsOf(labels: Int32Array, classes: number, loss: TrainingLoss): Tensor {
  return loss === "squared-error" ? centredOneHot(labels, classes) : oneHot(labels, classes);
}
