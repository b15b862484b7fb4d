import { flag, number, work } from "../../engine/index.ts";
import { crossEntropy } from "../../hypotheses/index.ts";
import { declareRegularisation } from "../trick.ts";

/**
 * Cross-entropy of S under the hypothesis (IDM's class-aware term; Zhao, Li, Qin and Yu 2023): an image must also be
 * classified as what it is labelled. `byAccuracy` weights it by the hypothesis's training accuracy in per cent, so that an
 * untrained network has no say.
 */
export const classification = declareRegularisation({
  kind: "regularisation",
  title: "cross-entropy of S under the hypothesis",
  formula: "mean_S −log softmax(h(x))_y",
  reference: "§5.3.2",
  citation: work(
    "G. Zhao, G. Li, Y. Qin and Y. Yu",
    2023,
    "Improved Distribution Matching for Dataset Condensation",
    "CVPR",
  ),
  values: { refused: "it classifies" },
  options: {
    weight: number(0.5, 0, undefined, "of the term"),
    byAccuracy: flag(false, "whether the training accuracy of h in per cent multiplies it"),
  },
  main: "weight",
  refuses: (_options, { hypotheses }) => (hypotheses === 0 ? "the method looks through no network" : undefined),
  readsLabels: true,
  over: "class",
  hypotheses: 1,
  view: () => "logits",
  real: "none",
  make:
    ({ byAccuracy }) =>
    ({ synthetic: [logits], targets, accuracy }) => {
      const [groups, n] = targets.shape as [number, number, number];
      const loss = crossEntropy(logits!, targets).mul(1 / (groups * n));
      if (byAccuracy) return loss.mul(accuracy.mul(100));
      accuracy.dispose();
      return loss;
    },
});
