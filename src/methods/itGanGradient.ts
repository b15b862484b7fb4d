import { itGanGradient as laptop } from "../recipes/laptop/itGan.ts";
import type { MatchMethod } from "./method.ts";

/**
 * IT-GAN by gradients (Zhao and Bilen 2022; §5.2.1 and A.1.2 of the paper): what {@link itGan} does with the gradients of networks that are
 * trained on S in place of embeddings.
 *
 *   min_Z  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(G(Z_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ) + λ L_R,   θ_t trained on 𝒜(G(Z))
 */
export const itGanGradient: MatchMethod = {
  name: "it-gan-gradient",
  title: "Informative codes of a pretrained GAN, by gradients",
  citation: {
    authors: "B. Zhao and H. Bilen",
    year: 2022,
    title: "Synthesizing Informative Training Samples with GAN",
    venue: "arXiv 2204.07513",
  },
  formula:
    "min_Z E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(G(Z_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ) + λ Σ_c mean_i ‖ ψ_θ(𝒜(G(z_i))) − ψ_θ(𝒜(x_i)) ‖²",
  reference: "§5.2.1, pre-trained GANs; A.1.2",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "gradient-layerwise" } }] },
  synthetic: { name: "latent", options: { generator: "cgan", steps: 3000 } },
  initialisation: { name: "kmeans" },
  hypotheses: {
    name: "alternating",
    options: { trainsOn: "synthetic", batch: 256, learningRate: 0.01, augmented: true },
  },
  augmentation: "siamese",
  tricks: [{ name: "pair", options: { weight: 0.1 } }],
  update: { rule: "adam" },
  laptop,
  recipe: [],
  departures: [
    "ipc codes of every class; the authors learn one code of every training image.",
    "The generator is a conditional GAN of some ten thousand weights, trained on T here; the authors' is a pretrained BigGAN.",
    "The authors' code trains nothing, so that weights of the two terms, steps and rate are ours; networks are trained as in gradient matching with Siamese augmentation.",
    "Codes start where 200 steps of Adam bring them, near to the real images nearest to k-means centres.",
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
