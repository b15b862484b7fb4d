import { choice, gradientOf, work } from "../engine/index.ts";
import { type TracedParams, trainingLosses } from "../hypotheses/index.ts";
import { declareView } from "./view.ts";

/** ∇_θ Σ ℓ(h_θ(x), y), ℓ the cross-entropy, or half the squared error of numbers to predict: what gradient matching compares (§5.1.4). */
export const lossGradient = declareView({
  yields: "gradient",
  title: "gradient of the loss with respect to the parameters",
  reference: "§5.1.4, gradient matching",
  citation: work(
    "B. Zhao, K. R. Mopuri and H. Bilen",
    2021,
    "Dataset Condensation with Gradient Matching",
    "ICLR",
    "a",
  ),
  needsNetwork: true,
  values: { loss: "squared-error" },
  options: { loss: choice("cross-entropy", ["cross-entropy", "squared-error"], "whose gradient it is") },
  make:
    ({ loss: kind }) =>
    (network, params, images, targets) => {
      // Images and targets are closed over: as arguments of grad they would be cut off from the outer gradient.
      const loss = (p: TracedParams) => trainingLosses[kind](network.logits(p, images), targets);
      return gradientOf(loss)(params);
    },
});
