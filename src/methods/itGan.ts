import { itGan as laptop } from "../recipes/laptop/itGan.ts";
import type { MatchMethod } from "./method.ts";

/**
 * IT-GAN: Synthesizing Informative Training Samples with GAN (Zhao and Bilen 2022; §5.2.1 and A.1.2 of the paper).
 *
 *   min_Z  E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(G(Z_c))) ‖² + λ Σ_c mean_i ‖ ψ_θ(𝒜(G(z_i))) − ψ_θ(𝒜(x_i)) ‖²
 *
 * Distribution matching in the codes of a conditional GAN that is trained on T and held fixed. Codes are sought of real images, and each
 * stays near to its own.
 */
export const itGan: MatchMethod = {
  name: "it-gan",
  row: 16,
  title: "Informative codes of a pretrained GAN",
  citation: {
    authors: "B. Zhao and H. Bilen",
    year: 2022,
    title: "Synthesizing Informative Training Samples with GAN",
    venue: "arXiv 2204.07513",
  },
  formula: "min_Z E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(G(Z_c))) ‖² + λ Σ_c mean_i ‖ ψ_θ(𝒜(G(z_i))) − ψ_θ(𝒜(x_i)) ‖²",
  reference: "§5.2.1, pre-trained GANs; A.1.2",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: { name: "latent", options: { generator: "cgan", steps: 3000 } },
  initialisation: { name: "kmeans" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [{ name: "pair", options: { weight: 0.1 } }],
  update: { rule: "adam" },
  laptop,
  recipe: [],
  departures: [
    "ipc codes of every class; the authors learn one code of every training image.",
    "The generator is a conditional GAN of some ten thousand weights, trained on T here; the authors' is a pretrained BigGAN.",
    "The authors' code trains nothing, so that weights of the two terms, steps and rate are ours; the rate of codes in the names of their files, 0.001, is of a set as large as T.",
    "Codes start where 200 steps of Adam bring them, near to the real images nearest to k-means centres.",
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
