import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, number, Tensor, tensor } from "../../engine/index.ts";
import { crossEntropy, type Learned, type PredictionLoss } from "../../hypotheses/index.ts";
import type { CriterionKind } from "./criterion.ts";

const centred = (targets: Traced): Traced => targets.sub(1 / targets.shape[1]!);

const squaredError: PredictionLoss = (outputs, targets) => np.sum(np.square(outputs.sub(targets))).mul(0.5);

const centredError: PredictionLoss = (outputs, targets, learned) => squaredError(outputs, centred(targets), learned);

const tempered: PredictionLoss = (outputs, targets, { temperature }) =>
  crossEntropy(outputs.mul(np.exp(temperature!)), targets);

const losses = { "squared-error": centredError, tempered, values: squaredError } as const;

/**
 * The loss on T of a regression on S whose labels are centred at zero: the squared error against one-hot targets less 1/K (KIP,
 * FRePo), or the cross-entropy of its outputs times a learned factor (Platt scaling: RFAD, RCIG).
 */
export const regressionLoss: CriterionKind<"outputs"> = {
  reads: "outputs",
  title: "loss on T of a regression on S",
  formula: "mean_T ½ ‖h*_S(x) − y‖², or mean_T ℓ(exp(τ) h*_S(x), y); − mean_S min(y₁ − y₂, margin / K)",
  reference: "§5.1.2",
  values: { loss: "values", margin: 0 },
  options: {
    loss: choice(
      "squared-error",
      ["squared-error", "tempered", "values"],
      "squared error against centred labels, cross-entropy of exp(τ) h with τ learned, or squared error against numbers to predict",
    ),
    rate: number(10, 0, undefined, "factor on the learning rate of the images, for that of τ"),
    margin: number(0, 0, undefined, "gap between the largest and second entry of a label, rewarded up to this over K"),
  },
  make({ loss, rate, margin }) {
    const learned: Record<string, Learned> =
      loss === "tempered" ? { temperature: { initial: tensor(0), rate: rate as number } } : {};
    return {
      loss: losses[loss as keyof typeof losses],
      learned,
      ...((margin as number) > 0 && { ofLabels: (labels: Tensor) => labelMargin(labels, margin as number) }),
    };
  },
};

/** −mean over rows of min(y₁ − y₂, margin / K), y₁ and y₂ a row's largest entries, and its gradient (FRePo, RCIG). */
export function labelMargin(labels: Tensor, margin: number): { loss: number; gradient: Tensor } {
  const [n, classes] = labels.shape as [number, number];
  const most = margin / classes;
  const gradient = new Float32Array(n * classes);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = labels.data.subarray(i * classes, (i + 1) * classes);
    let [first, second] = row[0]! >= row[1]! ? [0, 1] : [1, 0];
    for (let k = 2; k < classes; k++)
      if (row[k]! > row[first]!) [first, second] = [k, first];
      else if (row[k]! > row[second]!) second = k;
    const gap = row[first]! - row[second]!;
    loss -= Math.min(gap, most) / n;
    if (gap >= most) continue;
    gradient[i * classes + first] = -1 / n;
    gradient[i * classes + second] = 1 / n;
  }
  return { loss, gradient: new Tensor(gradient, labels.shape, "float32") };
}
