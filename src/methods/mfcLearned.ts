import { mfcLearned as laptop } from "../recipes/laptop/mfcLearned.ts";
import type { MatchMethod } from "./method.ts";

/**
 * MFC, learned: the Hausdorff distance of minimum finite covering (Chen and Selvan 2025; §5.1.4 of the paper) with soft maxima
 * and minima, minimised over pixels instead of over subsets.
 *
 *   min_S  E_θ Σ_c d_H,τ( ψ_θ(𝒜(S_c)), ψ_θ(𝒜(T_c)) )
 *
 * The images of S are the centres of balls of one radius that cover T; those farthest off pull most.
 */
export const mfcLearned: MatchMethod = {
  name: "mfc-learned",
  row: 34,
  title: "Minimum finite covering, learned",
  citation: {
    authors: "T. Chen and R. Selvan",
    year: 2025,
    title: "Is adversarial training with compressed datasets effective?",
    venue: "Image Analysis",
  },
  formula: "min_S E_θ Σ_c d_H,τ( ψ_θ(𝒜(S_c)), ψ_θ(𝒜(T_c)) )",
  reference: "§5.1.4, minimum finite covering (Hausdorff distance)",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "hausdorff" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "The authors choose a subset by mixed-integer programming (the method mfc); nothing is learned. The smooth surrogate and its minimisation over pixels are ours.",
    "Distances are between embeddings of fresh networks as in distribution matching; the authors take them between raw pixels.",
    "The temperature is half the root mean square distance within a class: lower ones are nearer to the maximum and draw S to outliers. From ten images per class on it is 0.15 of it: a higher one draws the images together.",
  ],
};
