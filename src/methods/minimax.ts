import { minimax as laptop } from "../recipes/laptop/minimax.ts";
import type { MatchMethod } from "./method.ts";

/**
 * Minimax diffusion (Gu et al. 2024; §5.2.1 and A.2.2 of the paper).
 *
 *   min_θ  E ‖ε − ε_θ(z_t, t, y)‖² + λ_r mean_c (1 − min σ(ẑ, r)) + λ_d mean_c max σ(ẑ, s),   S = g_d(noise, y; θ)
 *
 * A diffusion model of T goes on learning, so that its estimates of latents resemble all of T that a class remembers (r) and none of its own
 * earlier ones (s); S is what it then samples. Nothing of S moves but the weights that sample it.
 */
export const minimax: MatchMethod = {
  name: "minimax",
  row: 8,
  title: "Samples of a representative and diverse diffusion model",
  citation: {
    authors: "J. Gu, S. Vahidian, V. Kungurtsev, H. Wang, W. Jiang, Y. You and Y. Chen",
    year: 2024,
    title: "Efficient Dataset Distillation via Minimax Diffusion",
    venue: "CVPR",
  },
  formula: "min_θ E ‖ε − ε_θ‖² + λ_r mean_c (1 − min σ(ẑ, r)) + λ_d mean_c max σ(ẑ, s), S = g_d(noise, y; θ)",
  reference: "§5.2.1; A.1.3; A.2.2",
  objective: { match: [] },
  synthetic: {
    name: "latent",
    options: {
      generator: "ldm:ddim=20,guidance=2",
      steps: 2000,
      part: "none",
      weights: "learned",
      weightRate: 1,
      encoder: true,
      fidelity: 0.5,
    },
  },
  initialisation: { name: "noise" },
  hypotheses: { name: "none" },
  augmentation: "none",
  tricks: [{ name: "denoising", options: { representative: 0.002, diversity: 0.008, memory: 64, reduce: "all" } }],
  update: { rule: "adam" },
  laptop,
  recipe: [],
  departures: [
    "The diffusion model is one trained on T in minutes; the authors fine-tune a transformer of 675 million weights for ImageNet classes, so that there are no hyperparameters of theirs for small images, and steps and rates are ours.",
    "All weights of the model learn; `--set synthetic.weights=biases` moves biases, gains and the table of classes alone, as the authors' code does.",
    "The weights of the last step sample S, where the authors take a running mean over 12,000 steps.",
    "The authors' text has the terms for every sample, their code one pair of a class and its memory: `--set tricks.denoising.reduce=each` is the text.",
    "The variational term of the authors' learned variances falls away, as variances are not learned; images are not mirrored.",
  ],
};
