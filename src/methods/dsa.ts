import { dc, matched, matchedDepartures, settled } from "./dc.ts";
import type { MatchMethod, Tuning } from "./method.ts";
import { fromTen } from "./shortRuns.ts";

/** A short run moves real images more carefully: at rate 1 it adds noise to them. */
export const careful: Tuning = { preset: "laptop", ipc: [10, 49], set: { imageLearningRate: 0.3 } };

/**
 * DSA: Dataset Condensation with Differentiable Siamese Augmentation (Zhao and Bilen 2021; §5.3.1 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(S_c); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ),   θ_t trained on augmented S
 *
 * Gradient matching in which one operator with one set of parameters augments both sides, so that S learns what augmented
 * training will ask of it.
 */
export const dsa: MatchMethod = {
  ...dc,
  name: "dsa",
  row: 22,
  title: "Siamese augmentation",
  citation: {
    authors: "B. Zhao and H. Bilen",
    year: 2021,
    title: "Dataset Condensation with Differentiable Siamese Augmentation",
    venue: "ICML",
    letter: "b",
  },
  formula: "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(S_c); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ), θ_t trained on 𝒜(S)",
  reference: "§5.3.1, gradient matching with data augmentation",
  initialisation: { name: "random" },
  hypotheses: { name: "alternating", options: { ...dc.hypotheses.options, augmented: true } },
  augmentation: "siamese",
  tuned: [...matched, fromTen({ steps: 220 }), careful, settled(0.4, ["mnist", "fashion-mnist"])],
  departures: matchedDepartures,
};
