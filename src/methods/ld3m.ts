import { ld3m as laptop } from "../recipes/laptop/ld3m.ts";
import type { MatchMethod } from "./method.ts";

/**
 * LD3M: Latent Dataset Distillation with Diffusion Models (Moser et al. 2024; §5.2.1 of the paper), over distribution matching.
 *
 *   min_{Z, C}  E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(g_d(Z_c, C_c))) ‖²
 *
 * S is a latent and a condition an image; g_d noises the latent, takes a few steps of sampling under the condition, and blends the estimate of
 * each step with the latent, less from step to step, so that gradients reach it past all of them.
 */
export const ld3m: MatchMethod = {
  name: "ld3m",
  row: 36,
  title: "Distribution matching in latents of a diffusion model",
  citation: {
    authors: "B. B. Moser, F. Raue, S. Palacio, S. Frolov and A. Dengel",
    year: 2024,
    title: "Latent Dataset Distillation with Diffusion Models",
    venue: "arXiv 2403.03881",
  },
  formula: "min_{Z, C} E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(g_d(Z_c, C_c))) ‖²",
  reference: "§5.2.1, pre-trained diffusion models; A.1.3",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: {
    name: "latent",
    options: {
      generator: "ldm:ddim=5,guidance=1,skip=true,conditions=embedding",
      steps: 2000,
      part: "z+condition",
      fidelity: 0.5,
    },
  },
  initialisation: { name: "random" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  update: { rule: "adam" },
  laptop,
  recipe: [],
  departures: [
    "The authors publish figures for ImageNet subsets of 128 and 256 pixels under a model of 400 million weights; there are no hyperparameters of theirs for small images, and steps and rates are ours.",
    "The diffusion model is one trained on T in minutes, without a codebook: the start is blended in as it is, where the authors' is quantised.",
    "The noise of each latent is drawn once; the authors draw it anew in every call, so that their gradient belongs to other images than their loss.",
    "Five steps of sampling without guidance in place of ten under guidance of 3; `--set synthetic.generator=ldm:ddim=10,guidance=3,skip=true,conditions=embedding` takes theirs.",
    "Adam moves latents and conditions; the authors take SGD with a momentum of 0.5.",
  ],
};
