import { idc as laptop } from "../recipes/laptop/idc.ts";
import type { MatchMethod } from "./method.ts";

/**
 * IDC: Dataset Condensation via Efficient Synthetic-Data Parameterization (Kim et al. 2022; §5.3.1 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(𝒜_r(S_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ),   θ_t trained on T
 *
 * Every stored image is cut into r × r tiles that are enlarged to whole images (multi-formation 𝒜_r), and the network is
 * trained on real images between steps: on S alone its gradients soon vanish. One step of S after every class.
 */
export const idc: MatchMethod = {
  name: "idc",
  row: 23,
  title: "Multi-formation",
  citation: {
    authors: "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
    year: 2022,
    title: "Dataset Condensation via Efficient Synthetic-Data Parameterization",
    venue: "ICML",
  },
  formula: "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(𝒜_r(S_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ), θ_t trained on T",
  reference: "§5.3.1, gradient matching with multi-formation",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "convolution-difference" } }] },
  synthetic: { name: "pixels", options: { factor: 2, range: "unit", clamp: "network", most: 128 } },
  initialisation: { name: "random" },
  hypotheses: {
    name: "alternating",
    options: {
      trainsOn: "real",
      every: 100,
      images: 2000,
      batch: 64,
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 5e-4,
      augmented: true,
      mixed: true,
    },
  },
  update: { per: "class" },
  augmentation: "composite:color_crop_cutout",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist"], ipc: [1, 9] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 1e-5,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [10, 49] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 0.0001,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [50, 1000] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 0.0005,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["mnist"], ipc: [1001, 10000] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 0.005,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
        augmentation: "composite:color_crop",
        "hypotheses.mixed": false,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [1, 9] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 7.65625e-6,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [10, 49] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 7.65625e-5,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [50, 1000] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 0.0003828125,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist"], ipc: [1001, 10000] },
      set: {
        steps: 200000,
        realBatch: 64,
        imageLearningRate: 0.005,
        imageMomentum: 0.5,
        "discrepancy.norm": "l1",
        "hypotheses.images": 500,
      },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [1, 9] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.0005, imageMomentum: 0.5, "hypotheses.images": 500 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [10, 49] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.005, imageMomentum: 0.5, "hypotheses.images": 500 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [50, 1000] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.025, imageMomentum: 0.5, "hypotheses.images": 500 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["svhn"], ipc: [1001, 10000] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.005, imageMomentum: 0.5, "hypotheses.images": 500 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [1, 9] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.0005, imageMomentum: 0.5 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [10, 49] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.005, imageMomentum: 0.5 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [50, 1000] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.025, imageMomentum: 0.5 },
      source: "Kim et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [1001, 10000] },
      set: { steps: 200000, realBatch: 64, imageLearningRate: 0.005, imageMomentum: 0.5 },
      source: "Kim et al. (2022): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "In the laptop preset S moves fifteen times as fast on grey images, in a thousandth of the steps.",
    "Real images are drawn at random where the authors take the first ones of a class: for the initial tiles and for batches.",
    "The saved set is cut to 0..1; the authors cut when a new network begins and save what came after.",
    "Evaluation augments with the field's siamese operators instead of flip, colour, one geometric operator and CutMix.",
    "CIFAR-100 is normalised with its own statistics, the authors use CIFAR-10's.",
  ],
};
