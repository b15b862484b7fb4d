import { dm as laptop } from "../recipes/laptop/dm.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DM: Dataset Condensation with Distribution Matching (Zhao and Bilen 2023; §5.1.4 of the paper).
 *
 *   min_S  E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(S_c)) ‖²
 *
 * A randomly initialised network is already a useful feature map ψ_θ, so matching class means under many of them needs
 * neither inner training nor second derivatives. 𝒜 is one augmentation, drawn once per step and class for both sides.
 */
export const dm: MatchMethod = {
  name: "dm",
  row: 15,
  title: "Distribution matching",
  citation: {
    authors: "B. Zhao and H. Bilen",
    year: 2023,
    title: "Dataset Condensation with Distribution Matching",
    venue: "WACV",
  },
  formula: "min_S E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(S_c)) ‖²",
  reference: "§5.1.4, distribution matching (IPM)",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn"] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [1, 99] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [100, 1250] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 10, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [1251, 10000] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [1, 125] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [126, 500] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 10, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [501, 10000] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2023): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "The scored set is the saved set; the authors' script takes one more step before saving.",
    "Augmentation and every other draw are keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
