import { cfm as laptop } from "../recipes/laptop/cfm.ts";
import type { MatchMethod } from "./method.ts";

/**
 * Characteristic-function matching: the characteristic discrepancy of §3, minimised.
 *
 *   min_S  E_θ Σ_c E_t | F_ψ(𝒜(S_c))(t) − F_ψ(𝒜(T_c))(t) |²,   F_μ(t) = E_μ exp(i⟨x, t⟩)
 *
 * Two distributions with one characteristic function are equal, so that all moments are matched at once by means alone:
 * T is summed in chunks as in distribution matching, which is the limit of low frequencies.
 */
export const cfm: MatchMethod = {
  name: "cfm",
  title: "Characteristic-function matching",
  citation: {
    authors: "S. Wang, Y. Yang, Z. Liu, C. Sun, X. Hu, C. He and L. Zhang",
    year: 2025,
    title: "Dataset Distillation with Neural Characteristic Function: A Minmax Perspective",
    venue: "CVPR",
  },
  formula: "min_S E_θ Σ_c (k/σ²) E_t | F_ψ(𝒜(S_c))(t) − F_ψ(𝒜(T_c))(t) |², t ~ N(0, (σ²/k) I)",
  reference: "§3, characteristic discrepancy (L2)",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "characteristic" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "The discrepancy as the theory defines it, at Gaussian frequencies drawn anew every step; the cited authors learn the frequencies' distribution against S and weigh phase and amplitude apart.",
    "Networks are fresh ones, as in distribution matching; the cited authors' are pretrained.",
  ],
};
