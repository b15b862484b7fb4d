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
  title: "Wasserstein barycentre",
  citation: {
    authors: "Liu, Xing, Li, Dalal, He and Wang",
    year: 2023,
    title: "Dataset Distillation via the Wasserstein Metric",
    venue: "arXiv",
  },
  objective:
    "min_S Σ_c [ ‖ ψ_θ(𝒜(S_c)) − b_c ‖_F + ℓ(𝒜(S_c); θ) + r Σ_l ‖ Δ mean_l ‖ + ‖ Δ Var_l ‖ ], b_c = argmin_b WM_2( ψ_θ(T_c), b ), θ trained on T",
  reference: "§5.1.4, Wasserstein distance",
  loop: "match",
  terms: [
    { view: { name: "embedding" }, discrepancy: { name: "barycentre" } },
    { view: { name: "channels" }, discrepancy: { name: "channel-statistics" }, weight: 0.01 },
  ],
  synthetic: { name: "pixels" },
  initialisation: "noise",
  hypotheses: { name: "pretrained", options: { networks: 1, weightDecay: 1e-4 } },
  update: { rule: "adam", schedule: "cosine", beta2: 0.9 },
  augmentation: "siamese",
  tricks: [{ name: "classification", options: { weight: 1 } }],
  presets: {
    laptop: {
      steps: 1000,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.epochs": 5,
      "hypotheses.images": 5000,
      "discrepancy.samples": 500,
    },
    paper: {
      steps: 2000,
      realBatch: 256,
      imageLearningRate: 0.25,
      imageMomentum: 0.5,
      "hypotheses.epochs": 50,
      "hypotheses.images": 60000,
      "hypotheses.batch": 32,
      "hypotheses.learningRate": 0.025,
    },
  },
  departures: [],
};
