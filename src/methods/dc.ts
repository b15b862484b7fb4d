import { dc as laptop } from "../recipes/laptop/dc.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DC: Dataset Condensation with Gradient Matching (Zhao, Mopuri and Bilen 2021; §5.1.4 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(S_c; θ_t), ∇_θ ℓ(T_c; θ_t) ),   θ_t trained on S
 *
 * If a step on S moves a network as a step on T would, training on S retraces training on T. D is the cosine distance of
 * every output unit's gradient; the network is trained on S between the steps of S, so that gradients agree along the path.
 */
export const dc: MatchMethod = {
  name: "dc",
  row: 21,
  title: "Gradient matching",
  citation: {
    authors: "B. Zhao, K. R. Mopuri and H. Bilen",
    year: 2021,
    title: "Dataset Condensation with Gradient Matching",
    venue: "ICLR",
    letter: "a",
  },
  formula: "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(S_c; θ_t), ∇_θ ℓ(T_c; θ_t) ), θ_t trained on S",
  reference: "§5.1.4, gradient matching (IPM)",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "gradient-layerwise" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "alternating", options: { trainsOn: "synthetic", batch: 256, learningRate: 0.01 } },
  augmentation: "none",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist"], ipc: 1 },
      set: {
        steps: 1000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 1,
        "hypotheses.epochs": 1,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [2, 10] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 10,
        "hypotheses.epochs": 50,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [11, 20] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 20,
        "hypotheses.epochs": 25,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [21, 30] },
      set: {
        steps: 30000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 30,
        "hypotheses.epochs": 20,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [31, 40] },
      set: {
        steps: 40000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 40,
        "hypotheses.epochs": 15,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [41, 50] },
      set: {
        steps: 50000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 50,
        "hypotheses.epochs": 10,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [51, 1000] },
      set: {
        steps: 100000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 100,
        "hypotheses.epochs": 2,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [1001, 10000] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: 1 },
      set: {
        steps: 1000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 1,
        "hypotheses.epochs": 1,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [2, 10] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 10,
        "hypotheses.epochs": 50,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [11, 20] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 20,
        "hypotheses.epochs": 25,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [21, 30] },
      set: {
        steps: 30000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 30,
        "hypotheses.epochs": 20,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [31, 40] },
      set: {
        steps: 40000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 40,
        "hypotheses.epochs": 15,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [41, 50] },
      set: {
        steps: 50000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 50,
        "hypotheses.epochs": 10,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [51, 1000] },
      set: {
        steps: 100000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "hypotheses.every": 100,
        "hypotheses.epochs": 2,
      },
      source: "Zhao et al. (2021): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [1001, 10000] },
      set: { steps: 10000, realBatch: 256, imageLearningRate: 0.1, imageMomentum: 0.5 },
      source: "Zhao et al. (2021): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "1000 networks instead of 1001: the authors' loop counts its ends.",
    "Images per class between the rows of the authors' table take the next larger row; theirs stops there.",
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
    "Operators of single images, drawn when networks train on sets of MNIST, are like the authors' but for details: theirs fill what a shift uncovers with the channel's mean, scale each axis by 0.8 to 1.2 to the nearest pixel and turn by whole degrees; here that is zero, 1/1.2 to 1.2 and any angle, interpolated.",
  ],
};
