import { wmdd as laptop } from "../recipes/laptop/wmdd.ts";
import type { MatchMethod } from "./method.ts";

/**
 * WMDD: Dataset Distillation via the Wasserstein Metric (Liu et al. 2023; §5.1.4 of the paper).
 *
 *   min_S  Σ_c ‖ ψ_θ(𝒜(S_c)) − b_c ‖_F + ℓ(𝒜(S); θ) + r Σ_l ‖ Δ mean_l ‖ + ‖ Δ Var_l ‖,   b_c = argmin WM_2( ψ_θ(T_c), b )
 *
 * In the features of a network trained on T, the ipc atoms of a class's barycentre are its best quantisation: they keep
 * what the mean loses. Images are then recovered whose features are those atoms, whose label the network agrees with,
 * and whose channels have the means and variances of the real ones at every layer.
 */
export const wmdd: MatchMethod = {
  name: "wmdd",
  row: 33,
  title: "Wasserstein barycentre",
  citation: {
    authors: "H. Liu, T. Xing, L. Li, V. Dalal, J. He and H. Wang",
    year: 2023,
    title: "Dataset Distillation via the Wasserstein Metric",
    venue: "arXiv 2311.18531",
  },
  formula:
    "min_S Σ_c [ ‖ ψ_θ(𝒜(S_c)) − b_c ‖_F + ℓ(𝒜(S_c); θ) + r Σ_l ‖ Δ mean_l ‖ + ‖ Δ Var_l ‖ ], b_c = argmin_b WM_2( ψ_θ(T_c), b ), θ trained on T",
  reference: "§5.1.4, Wasserstein distance",
  objective: {
    match: [
      { view: { name: "embedding" }, discrepancy: { name: "barycentre" } },
      { view: { name: "channels" }, discrepancy: { name: "channel-statistics" }, weight: 0.01 },
    ],
  },
  synthetic: { name: "pixels", options: { range: "unit", clamp: "step" } },
  initialisation: { name: "noise" },
  hypotheses: { name: "pretrained", options: { networks: 1, weightDecay: 1e-4 } },
  update: { rule: "adam", schedule: "cosine", beta2: 0.9 },
  augmentation: "siamese",
  tricks: [{ name: "classification", options: { weight: 1 } }],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"] },
      set: {
        steps: 2000,
        realBatch: 256,
        imageLearningRate: 0.05,
        imageMomentum: 0.5,
        "hypotheses.epochs": 50,
        "hypotheses.images": 60000,
        "hypotheses.batch": 32,
        "hypotheses.learningRate": 0.025,
      },
      source: "Liu et al. (2023): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "The teacher is the ConvNet that is condensed for, normalising by instances, instead of a ResNet-18 with batch normalisation; statistics are of its activations, and T's are those of the step's real batch instead of running ones.",
    "A batch is a class: norm, cross-entropy and statistics are added up over classes. The authors' batch of 100 holds as many whole classes as fit, with one norm over all of them: beside the cross-entropy the features weigh √C as much there, C the classes of a batch.",
    "Variances are over all images and places of a class; the authors average the variances of batches.",
    "S is trained on with hard labels; the authors relabel every augmented image with the teacher and keep weights of atoms for it.",
    "Steps of S are in pixels from 0 to 1, a quarter as large as in the authors' normalised ones, to which they clip as well.",
    "The teacher is trained without augmentation at a constant learning rate; the operators on S are the field's siamese ones instead of a resized crop, flip and roll.",
    "The laptop preset starts from real images, matches four teachers in turn and takes barycentres of 300 images a class: a thousand steps against one teacher overfit it.",
    "The authors report on ImageNet and its subsets; hyperparameters are theirs for these.",
  ],
};
