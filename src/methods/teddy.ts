import { teddy as laptop } from "../recipes/laptop/teddy.ts";
import type { MatchMethod } from "./method.ts";

/**
 * Teddy: Efficient Large-Scale Dataset Distillation via Taylor-Approximated Matching (Yu et al. 2024; §5.1.4 of the paper).
 *
 *   min_S  E_θ Σ_c [ ‖ mean ψ_θ(T_c) − mean ψ_θ(S_c) ‖² + ‖ Var ψ_θ(T_c) − Var ψ_θ(S_c) ‖² ] + α ℓ(S; θ)
 *
 * To first order in a Taylor expansion, what a training on S does is decided by the first two moments of its features. The
 * networks are weak ones: states of a few trainings on T after any of their epochs, made once.
 */
export const teddy: MatchMethod = {
  name: "teddy",
  row: 29,
  title: "Taylor-approximated matching of moments",
  citation: {
    authors: "R. Yu, S. Liu, J. Ye and X. Wang",
    year: 2024,
    title: "Teddy: Efficient Large-Scale Dataset Distillation via Taylor-Approximated Matching",
    venue: "ECCV",
  },
  formula:
    "min_S E_θ Σ_c [ ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(S_c)) ‖² + ‖ Var ψ_θ(𝒜(T_c)) − Var ψ_θ(𝒜(S_c)) ‖² ] + α ℓ(𝒜(S); θ)",
  reference: "§5.1.4, higher-order moment matching (IPM)",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "moments" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "pretrained", options: { networks: 5, intermediate: true, epochs: 5, images: 5000 } },
  update: { rule: "adam", schedule: "cosine", beta2: 0.9 },
  augmentation: "siamese",
  tricks: [{ name: "classification", options: { weight: 1 } }],
  laptop,
  recipe: [],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "Moments are of the embedding of each class, as the theory has it; the authors match those of every batch-normalising layer of a ResNet, and attar's hypotheses normalise by instances.",
    "Networks are states of trainings on T after any epoch (prior generation); networks pruned out of a trained one (posterior generation) are left out.",
    "S is trained on with hard labels; the authors relabel every augmented image with the networks of the pool.",
    "The authors report on Tiny-ImageNet and ImageNet-1K only: steps, learning rate and pool for small images are ours.",
  ],
};
