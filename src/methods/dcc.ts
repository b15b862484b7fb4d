import { dcc as laptop } from "../recipes/laptop/dcc.ts";
import { dc } from "./dc.ts";
import type { MatchMethod, Term } from "./method.ts";

const [gradients] = dc.objective.match as [Term];

/**
 * DCC: Dataset Condensation with Contrastive Signals (Lee et al. 2022; §5.3.2 of the paper).
 *
 *   min_S  E_θ₀ Σ_t D( Σ_c ∇_θ ℓ(S_c; θ_t), Σ_c ∇_θ ℓ(T_c; θ_t) ),   θ_t trained on S
 *
 * Gradients are added up over the classes before they are compared, so that what tells classes apart counts and what they
 * share does not. Alone this is unstable at the start: the first ten steps with each of the first quarter of the networks
 * compare class by class as DC does. Augmented in step (DSAC): `--set tricks.augmentation=siamese --set hypotheses.augmented=true`.
 */
export const dcc: MatchMethod = {
  ...dc,
  name: "dcc",
  row: 25,
  title: "Contrastive signals",
  citation: {
    authors: "S. Lee, S. Chun, S. Jung, S. Yun and S. Yoon",
    year: 2022,
    title: "Dataset Condensation with Contrastive Signals",
    venue: "ICML",
  },
  formula: "min_S E_θ₀ Σ_t D( Σ_c ∇_θ ℓ(S_c; θ_t), Σ_c ∇_θ ℓ(T_c; θ_t) ), θ_t trained on S",
  reference: "§5.3.2, gradient matching with contrastive signals",
  objective: {
    match: [
      { ...gradients, over: "class", phase: "warmup" },
      { ...gradients, over: "set", phase: "main" },
    ],
  },
  initialisation: { name: "random" },
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist"], ipc: 1 },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 10,
        "hypotheses.epochs": 5,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [2, 10] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 10,
        "hypotheses.epochs": 50,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [11, 20] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 20,
        "hypotheses.epochs": 25,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [21, 30] },
      set: {
        steps: 30000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 30,
        "hypotheses.epochs": 20,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [31, 40] },
      set: {
        steps: 40000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 40,
        "hypotheses.epochs": 15,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [41, 1000] },
      set: {
        steps: 50000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 50,
        "hypotheses.epochs": 10,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [1001, 10000] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "evaluation.augmentation": "per-image:crop_scale_rotate",
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: 1 },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 10,
        "hypotheses.epochs": 5,
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [2, 10] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 10,
        "hypotheses.epochs": 50,
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [11, 20] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 20,
        "hypotheses.epochs": 25,
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [21, 30] },
      set: {
        steps: 30000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 30,
        "hypotheses.epochs": 20,
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [31, 40] },
      set: {
        steps: 40000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 40,
        "hypotheses.epochs": 15,
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [41, 1000] },
      set: {
        steps: 50000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
        "hypotheses.every": 50,
        "hypotheses.epochs": 10,
      },
      source: "Lee et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [1001, 10000] },
      set: {
        steps: 10000,
        realBatch: 256,
        imageLearningRate: 0.1,
        imageMomentum: 0.5,
        "warmup.share": 0.25,
        "warmup.steps": 10,
      },
      source: "Lee et al. (2022): paper and code",
    },
  ],
  departures: [
    "Images per class between the rows of the authors' table take the next larger row; beyond 50 its last one.",
    "CIFAR-100 is normalised with its own statistics, the authors use CIFAR-10's.",
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "Operators of single images, drawn when networks train on sets of MNIST, are like the authors' but for details: theirs fill what a shift uncovers with the channel's mean, scale each axis by 0.8 to 1.2 to the nearest pixel and turn by whole degrees; here that is zero, 1/1.2 to 1.2 and any angle, interpolated.",
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
