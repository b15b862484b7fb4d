import { cafe as laptop } from "../recipes/laptop/cafe.ts";
import type { MatchMethod } from "./method.ts";

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
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist"] },
      set: {
        steps: 2000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Wang et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10"] },
      set: { steps: 2000, realBatch: 256, imageLearningRate: 0.1, imageMomentum: 0.5 },
      source: "Wang et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-100"] },
      set: { steps: 2000, realBatch: 256, imageLearningRate: 0.1, imageMomentum: 0.5, "hypotheses.images": 12800 },
      source: "Wang et al. (2022): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "Operators of single images, drawn when networks train on sets of MNIST, are like the authors' but for details: theirs fill what a shift uncovers with the channel's mean, scale each axis by 0.8 to 1.2 to the nearest pixel and turn by whole degrees; here that is zero, 1/1.2 to 1.2 and any angle, interpolated.",
    "A step is one update of S; the authors count new networks, each of which sees as many as its accuracies take to settle.",
    "The cross-entropy in L_dis is averaged over images, and weighted by what 0.01 times the authors' sum over 256 of each class amounts to: 25.6 for ten classes, and in proportion for more; the laptop preset's 64 of each class keep that weight.",
    "At most 100 steps of a network and 100 passes over S between two; nothing bounds theirs.",
    "The learning rate of S is constant; theirs is halved at steps 1200, 1600 and 1800.",
    "An accuracy is measured on random images of T, as many as theirs, which are 128 of each class.",
    "In the laptop preset a network serves 10 steps of S at most, trains 6 passes between two, and accuracies are measured on 500 images and compared over the last 4.",
    "The authors' code holds ten classes of 32 x 32 images of colour alone; other data sets take its values.",
  ],
};
