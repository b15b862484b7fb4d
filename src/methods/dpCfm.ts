import { dpCfm as laptop } from "../recipes/laptop/dpCfm.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DP-CFM: characteristic-function matching on noised sums.
 *
 *   min_S  E_θ Σ_c (k/σ_t²) E_t | F̃_ψ(T_c)(t) − F_ψ(𝒜(S_c))(t) |²,   F̃ the noised mean of exp(i⟨t, ψ_θ(𝒜(x))⟩)
 *
 * Cosines and sines of a sample have one norm, whatever the sample: nothing is clipped, and nothing of what is matched is bent.
 */
export const dpCfm: MatchMethod = {
  name: "dp-cfm",
  title: "Characteristic-function matching with differential privacy",
  citation: {
    authors: "S. Wang, Y. Yang, Z. Liu, C. Sun, X. Hu, C. He and L. Zhang",
    year: 2025,
    title: "Dataset Distillation with Neural Characteristic Function: A Minmax Perspective",
    venue: "CVPR",
  },
  formula: "min_S E_θ Σ_c (k/σ_t²) E_t | F̃_ψ(T_c)(t) − F_ψ(𝒜(S_c))(t) |², F̃ noised, t ~ N(0, (σ_t²/k) I)",
  reference: "§6, differential privacy; §3, characteristic discrepancy (L2)",
  objective: {
    match: [{ view: { name: "embedding" }, discrepancy: { name: "characteristic", options: { frequencies: 256 } } }],
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  privacy: { epsilon: 1 },
  laptop,
  recipe: [],
  departures: [
    "The cited authors' matching keeps no privacy: noise, samples by coins and a start from noise are attar's.",
    "The discrepancy as the theory defines it, at Gaussian frequencies; the cited authors learn the frequencies' distribution against S and weigh phase and amplitude apart.",
  ],
};
