import { dreamPlus as laptop } from "../recipes/laptop/dreamPlus.ts";
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
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist"], ipc: [1, 9] },
      set: {
        steps: 200000,
        realBatch: 128,
        imageLearningRate: 1e-5,
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
        imageLearningRate: 7.65625e-6,
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
        imageLearningRate: 7.65625e-5,
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
    ...dream.departures,
    "--preset laptop warms networks up on 1,024 images of T; with --preset paper they see all of T once, as the authors' do.",
  ],
};
