import type { MatchMethod } from "./method.ts";
import { scaledRate } from "./scaledRate.ts";
import { representativeStart, startDeparture } from "./shortRuns.ts";
import { singleImages, singleImagesDeparture } from "./singleImages.ts";

/**
 * CAFE: Learning to Condense Dataset by Aligning Features (Wang et al. 2022; §5.1.2 of the paper).
 *
 *   min_S  E Σ_l λ_l Σ_c ‖ mean h_l(T_c) − mean h_l(S_c) ‖² + λ L_dis,   h trained on S
 *
 * Features of every layer, class by class, of networks that are trained on S between the steps for as long as it changes them:
 * the inner problem is solved, and its solution held fixed when S moves. L_dis: the class means of S classify T.
 */
export const cafe: MatchMethod = {
  name: "cafe",
  row: 6,
  title: "layer-wise feature alignment",
  citation: {
    authors: "K. Wang, B. Zhao, X. Peng, Z. Zhu, S. Yang, S. Wang, G. Huang, H. Bilen, X. Wang and Y. You",
    year: 2022,
    title: "CAFE: Learning to Condense Dataset by Aligning Features",
    venue: "CVPR",
  },
  formula: "min_S E Σ_l λ_l Σ_c ‖ mean h_l(T_c) − mean h_l(S_c) ‖² + λ L_dis(S, T), h trained on S",
  reference: "§5.1.2, value discrepancy by features",
  objective: {
    match: [
      { view: { name: "layers", options: { early: 0.1 } }, discrepancy: { name: "mean-difference" } },
      { view: { name: "embedding" }, discrepancy: { name: "mean-difference" }, weight: 2 },
    ],
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "dynamic" },
  augmentation: "none",
  tricks: [{ name: "discrimination", options: { weight: 25.6, classes: 10 } }],
  presets: {
    laptop: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.window": 4,
      "hypotheses.every": 10,
      "hypotheses.epochs": 6,
      "hypotheses.images": 500,
    },
    paper: { steps: 2000, realBatch: 256, imageLearningRate: 0.1, imageMomentum: 0.5 },
  },
  tuned: [
    ...scaledRate(1),
    representativeStart,
    singleImages,
    { preset: "paper", datasets: ["cifar-100"], set: { "hypotheses.images": 12800 } },
  ],
  departures: [
    startDeparture,
    singleImagesDeparture,
    "A step is one update of S; the authors count new networks, each of which sees as many as its accuracies take to settle.",
    "The cross-entropy in L_dis is averaged over images, and weighted by what 0.01 times the authors' sum over 256 of each class amounts to: 25.6 for ten classes, and in proportion for more; the laptop preset's 64 of each class keep that weight.",
    "At most 100 steps of a network and 100 passes over S between two; nothing bounds theirs.",
    "The learning rate of S is constant; theirs is halved at steps 1200, 1600 and 1800.",
    "An accuracy is measured on random images of T, as many as theirs, which are 128 of each class.",
    "In the laptop preset a network serves 10 steps of S at most, trains 6 passes between two, and accuracies are measured on 500 images and compared over the last 4.",
    "The authors' code holds ten classes of 32 x 32 images of colour alone; other data sets take its values.",
  ],
};
