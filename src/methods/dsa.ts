import { dsa as laptop } from "../recipes/laptop/dsa.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DSA: Dataset Condensation with Differentiable Siamese Augmentation (Zhao and Bilen 2021; §5.3.1 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(S_c); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ),   θ_t trained on augmented S
 *
 * Gradient matching in which one operator with one set of parameters augments both sides, so that S learns what augmented
 * training will ask of it.
 */
export const dsa: MatchMethod = {
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
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "gradient-layerwise" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: {
    name: "alternating",
    options: { trainsOn: "synthetic", batch: 256, learningRate: 0.01, augmented: true },
  },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: 1 },
      set: {
        steps: 1000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 1,
        "hypotheses.epochs": 1,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [2, 10] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 10,
        "hypotheses.epochs": 50,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [11, 20] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 20,
        "hypotheses.epochs": 25,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [21, 30] },
      set: {
        steps: 30000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 30,
        "hypotheses.epochs": 20,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [31, 40] },
      set: {
        steps: 40000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 40,
        "hypotheses.epochs": 15,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [41, 50] },
      set: {
        steps: 50000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 50,
        "hypotheses.epochs": 10,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [51, 1000] },
      set: {
        steps: 100000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 100,
        "hypotheses.epochs": 2,
      },
      source: "Zhao and Bilen (2021): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [1001, 10000] },
      set: { steps: 10000, realBatch: 256, imageLearningRate: 0.1, imageMomentum: 0.5 },
      source: "Zhao and Bilen (2021): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "1000 networks instead of 1001: the authors' loop counts its ends.",
    "Images per class between the rows of the authors' table take the next larger row; theirs stops there.",
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
