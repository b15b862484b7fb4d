import { esp as laptop } from "../recipes/laptop/esp.ts";
import type { MatchMethod } from "./method.ts";

/**
 * ESP: Dataset Condensation via Expert Subspace Projection (Ma et al. 2023; §5.2.2 of the paper).
 *
 *   min_S  E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(S_c)) ‖² + L_proj(θ′),   L_proj(θ′) = ‖ θ′ − Proj_𝕊 θ′ ‖₁
 *
 * Training on S need not retrace an expert's training on T, it must only stay in the subspace 𝕊 that the expert's states
 * span, which asks for no unrolling: θ is a student trained on S within 𝕊, and θ′ = θ − η ∇ℓ(S; θ) one step further.
 */
export const esp: MatchMethod = {
  name: "esp",
  row: 18,
  title: "Expert subspace projection",
  citation: {
    authors: "Z. Ma, D. Gao, S. Yang, X. Wei and Y. Gong",
    year: 2023,
    title: "Dataset Condensation via Expert Subspace Projection",
    venue: "Sensors 23(19):8148",
  },
  formula:
    "min_S E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(S_c)) ‖² + ‖ θ′ − Proj_𝕊 θ′ ‖₁, θ′ = θ − η ∇ℓ(𝒜(S); θ), θ trained on S in 𝕊",
  reference: "§5.2.2, distribution matching with expert subspace projection",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "expert-subspace" },
  augmentation: "siamese",
  tricks: [{ name: "subspace-projection" }],
  laptop,
  recipe: [],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "No code of the authors is public: the objective is the theory's, with L_proj taken after one step on S, where it depends on S; hyperparameters are ours, experts train as MTT's do.",
    "Students are put back into the subspace after every step on S, in place of a penalty in their training.",
  ],
};
