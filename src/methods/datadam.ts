import { datadam as laptop } from "../recipes/laptop/datadam.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DataDAM: Efficient Dataset Distillation with Attention Matching (Sajedi et al. 2023; §5.3.1 of the paper).
 *
 *   min_S  E_θ Σ_c 100 Σ_l ‖ mean 𝒜(h_l(𝒜(T_c))) − mean 𝒜(h_l(𝒜(S_c))) ‖² + 100 λ ‖ mean ψ(𝒜(T_c)) − mean ψ(𝒜(S_c)) ‖²
 *
 * The places where a random network looks in an image, layer by layer, are compared beside its embedding: attention maps are
 * summed over channels and of unit length, so they are compared at a hundred times the weight. λ = 0.01.
 */
export const datadam: MatchMethod = {
  name: "datadam",
  row: 19,
  title: "Spatial attention matching",
  citation: {
    authors: "A. Sajedi, S. Khaki, E. Amjadian, L. Z. Liu, Y. A. Lawryshyn and K. N. Plataniotis",
    year: 2023,
    title: "DataDAM: Efficient Dataset Distillation with Attention Matching",
    venue: "ICCV",
  },
  formula: "min_S E_θ Σ_c 100 Σ_l ‖ mean A(h_l(T_c)) − mean A(h_l(S_c)) ‖² + 100 λ ‖ mean ψ(T_c) − mean ψ(S_c) ‖²",
  reference: "§5.3.1, distribution matching with spatial attention matching",
  objective: {
    match: [
      { view: { name: "attention" }, discrepancy: { name: "mean-difference" }, weight: 100 },
      { view: { name: "embedding" }, discrepancy: { name: "mean-difference" }, weight: 1 },
    ],
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [1, 50] },
      set: { steps: 8000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Sajedi et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [51, 5000] },
      set: { steps: 8000, realBatch: 256, imageLearningRate: 10, imageMomentum: 0.5 },
      source: "Sajedi et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [5001, 10000] },
      set: { steps: 8000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Sajedi et al. (2023): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "p = 4 as in the paper and its table of hyperparameters; the released code has p = 1 (--set view.power=1).",
    "Starts from random real images; the authors ship the images of their best runs to start from.",
    "Real batch of 256: what users of the code report; its default is 64, and its default number of steps 20,000.",
  ],
};
