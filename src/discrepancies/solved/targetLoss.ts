import { numpy as np } from "@jax-js/jax";
import { choice } from "../../engine/index.ts";
import { crossEntropy, type PredictionLoss } from "../../hypotheses/index.ts";
import type { CriterionKind } from "./criterion.ts";

const squaredError: PredictionLoss = (outputs, targets) => np.sum(np.square(outputs.sub(targets))).mul(0.5);

/** The loss on T of what was trained on S: generalization discrepancy, of which the loss of h*_T is a constant (§5.1.1). */
export const targetLoss: CriterionKind<"outputs"> = {
  reads: "outputs",
  title: "loss on T of what was trained on S",
  formula: "mean_T ℓ(h*_S(x), y)",
  reference: "§5.1.1, generalization discrepancy",
  values: { loss: "squared-error" },
  options: { loss: choice("cross-entropy", ["cross-entropy", "squared-error"], "on T") },
  make: ({ loss }) => ({ loss: loss === "squared-error" ? squaredError : crossEntropy, learned: {} }),
};
