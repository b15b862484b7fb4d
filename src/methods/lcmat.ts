import { lcmat as laptop } from "../recipes/laptop/lcmat.ts";
import type { MatchMethod } from "./method.ts";

/**
 * LCMat: Loss-Curvature Matching for Dataset Selection and Condensation (Shin et al. 2023; §5.3.2 of the paper).
 *
 *   min_S  E_θ₀ Σ_t [ Σ_c D( ∇_θ ℓ(𝒜(S_c); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ) + ½ ρ λ_max( H_T(θ_t) − H_S(θ_t) ) ],   θ_t trained on S
 *
 * Gradients that agree at θ say nothing of its neighbourhood. In a ball around θ the two losses part at most as fast as the
 * largest eigenvalue of the difference of their Hessians says, so that eigenvalue is made small as well.
 */
export const lcmat: MatchMethod = {
  name: "lcmat",
  row: 26,
  title: "Loss-curvature matching",
  citation: {
    authors: "S. Shin, H. Bae, D. Shin, W. Joo and I.-C. Moon",
    year: 2023,
    title: "Loss-Curvature Matching for Dataset Selection and Condensation",
    venue: "AISTATS",
  },
  formula:
    "min_S E_θ₀ Σ_t [ Σ_c D( ∇_θ ℓ(𝒜(S_c); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ) + ½ ρ λ_max( H_T(θ_t) − H_S(θ_t) ) ], θ_t trained on 𝒜(S)",
  reference: "§5.3.2, gradient matching with loss curvature regularization",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "gradient-layerwise" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: {
    name: "alternating",
    options: { trainsOn: "synthetic", batch: 256, learningRate: 0.01, augmented: true },
  },
  augmentation: "siamese",
  tricks: [{ name: "loss-curvature", options: { weight: 10, layers: "head" } }],
  laptop,
  recipe: [],
  departures: [
    "The authors published the selection of real images only, not the condensation: loop, augmentation and hyperparameters of the gradient term are DSA's.",
    "The eigenvalue is the theory's and is taken over the whole sets in the last layer's parameters, where the authors' selection measures curvature; --set tricks.loss-curvature.layers=all takes all of them.",
    "ρ = 10 is ours; H_T is that of 32 images a class and step.",
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
