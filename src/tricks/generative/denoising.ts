import { choice, integer, number, work } from "../../engine/index.ts";
import { declareDenoising } from "../trick.ts";
import { reductions } from "./memoryTerms.ts";

/**
 * The denoising loss of the diffusion model in whose codes S lives (Gu et al. 2024; A.1.3, A.2.2): its weights go on learning on T, while what
 * the model takes for latents is held near all latents of T that each class remembers, and far from its own earlier ones.
 */
export const denoising = declareDenoising({
  kind: "denoising",
  title: "denoising loss of the generator, under memories of latents",
  formula: "E ‖ε − ε_θ‖² + λ_r mean_c (1 − min σ(ẑ, r)) + λ_d mean_c max σ(ẑ, s)",
  reference: "§5.2.1; A.2.2",
  citation: work(
    "J. Gu, S. Vahidian, V. Kungurtsev, H. Wang, W. Jiang, Y. You and Y. Chen",
    2024,
    "Efficient Dataset Distillation via Minimax Diffusion",
    "CVPR",
  ),
  options: {
    weight: number(1, 0, undefined, "of the loss with its terms"),
    representative: number(0.002, 0, undefined, "λ_r: weight of likeness to latents of T"),
    diversity: number(0.008, 0, undefined, "λ_d: weight of unlikeness to earlier estimates"),
    memory: integer(64, 1, 65536, "latents of T, and estimates, that each class remembers"),
    reduce: choice("all", reductions, "one extreme pair of a class and its memory counts, or one of each estimate"),
  },
  main: "weight",
});
