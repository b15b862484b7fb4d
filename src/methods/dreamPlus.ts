import { dream } from "./dream.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DREAM+: Efficient Dataset Distillation by Bidirectional Representative Matching (Liu et al. 2023c; §5.3.3 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜_r(S_c)), ∇_θ ℓ(cl(T_c)) ) + D( mean ψ_θ(𝒜_r(S_c)), mean ψ_θ(cl(T_c)) ),   θ_t trained on T
 *
 * DREAM with embeddings matched beside gradients, and networks that have seen all of T once before their first step, so that
 * what they say of an image means something from the start.
 */
export const dreamPlus: MatchMethod = {
  ...dream,
  name: "dream-plus",
  row: 28,
  title: "Bidirectional representative matching",
  citation: {
    authors: "Y. Liu, J. Gu, K. Wang, Z. Zhu, K. Zhang, W. Jiang and Y. You",
    year: 2023,
    title: "DREAM+: Efficient Dataset Distillation by Bidirectional Representative Matching",
    venue: "arXiv 2310.15052",
    letter: "b",
  },
  formula:
    "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜_r(S_c)), ∇_θ ℓ(cl(T_c)) ) + D( mean ψ_θ(𝒜_r(S_c)), mean ψ_θ(cl(T_c)) ), θ_t trained on T",
  objective: {
    match: [
      { view: { name: "loss-gradient" }, discrepancy: { name: "convolution-difference" } },
      { view: { name: "embedding" }, discrepancy: { name: "mean-difference" } },
    ],
  },
  presets: {
    laptop: { ...dream.presets.laptop, steps: 200, "hypotheses.warmup": 1024 },
    paper: { ...dream.presets.paper, "hypotheses.warmup": 60000 },
  },
  tuned: [
    ...dream.tuned!,
    { preset: "paper", datasets: ["cifar-10", "cifar-100"], set: { "hypotheses.warmup": 50000 } },
    { preset: "paper", datasets: ["svhn"], set: { "hypotheses.warmup": 73257 } },
  ],
  departures: [
    ...dream.departures,
    "--preset laptop warms networks up on 1,024 images of T; with --preset paper they see all of T once, as the authors' do.",
  ],
};
