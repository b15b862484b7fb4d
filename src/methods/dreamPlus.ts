import { dreamPlus as laptop } from "../recipes/laptop/dreamPlus.ts";
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
  reference: "§5.3.3, gradient matching with k-means clustering",
  objective: {
    match: [
      { view: { name: "loss-gradient" }, discrepancy: { name: "convolution-difference" } },
      { view: { name: "embedding" }, discrepancy: { name: "mean-difference" } },
    ],
  },
  synthetic: { name: "pixels", options: { factor: 2, range: "unit", clamp: "network", most: 128 } },
  initialisation: { name: "kmeans" },
  hypotheses: {
    name: "alternating",
    options: {
      trainsOn: "real",
      every: 100,
      images: 2000,
      batch: 64,
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 0.0005,
      augmented: true,
      mixed: true,
    },
  },
  update: { per: "class" },
  augmentation: "composite:color_crop_cutout",
  tricks: [{ name: "kmeans", options: { every: 10, images: 0 } }],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist"], ipc: [1, 9] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.00001,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [10, 49] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.0001,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [50, 1000] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.0005,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [1001, 10000] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.005,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [1, 9] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.00000765625,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [10, 49] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.0000765625,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [50, 1000] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.0003828125,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [1001, 10000] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.005,
        imageMomentum: 0.5,
        "hypotheses.warmup": 60000,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [1, 9] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.0005,
        imageMomentum: 0.5,
        "hypotheses.warmup": 73257,
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [10, 49] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.005,
        imageMomentum: 0.5,
        "hypotheses.warmup": 73257,
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [50, 1000] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.025,
        imageMomentum: 0.5,
        "hypotheses.warmup": 73257,
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [1001, 10000] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 0.005,
        imageMomentum: 0.5,
        "hypotheses.warmup": 73257,
        "hypotheses.images": 500,
      },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [1, 9] },
      set: { steps: 200000, realBatch: 128, imageLearningRate: 0.0005, imageMomentum: 0.5, "hypotheses.warmup": 50000 },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [10, 49] },
      set: { steps: 200000, realBatch: 128, imageLearningRate: 0.005, imageMomentum: 0.5, "hypotheses.warmup": 50000 },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [50, 1000] },
      set: { steps: 200000, realBatch: 128, imageLearningRate: 0.025, imageMomentum: 0.5, "hypotheses.warmup": 50000 },
      source: "Liu et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [1001, 10000] },
      set: { steps: 200000, realBatch: 128, imageLearningRate: 0.005, imageMomentum: 0.5, "hypotheses.warmup": 50000 },
      source: "Liu et al. (2023): paper and code",
    },
  ],
  departures: [
    "In the laptop preset S moves fifteen times as fast on grey images, in a thousandth of the steps, and a step sees 64 real images of each class, not 128.",
    "Initial images are clustered as pixels; the authors cluster embeddings under an untrained network.",
    "Images are embedded in the training normalisation; the authors' code embeds pixels in 0..1.",
    "An image represents one cluster only; in the authors' code it may represent two.",
    "At most ten rounds of Lloyd's algorithm; --preset laptop clusters 512 random images of a class.",
    "The saved set is cut to 0..1; the authors cut when a new network begins and save what came after.",
    "Evaluation augments with the field's siamese operators instead of flip, colour, one geometric operator and CutMix.",
    "CIFAR-100 is normalised with its own statistics, the authors use CIFAR-10's.",
    "--preset laptop warms networks up on 1,024 images of T; with --preset paper they see all of T once, as the authors' do.",
  ],
};
