import { ratBptt as laptop } from "../recipes/laptop/ratBptt.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * RaT-BPTT: random truncated backpropagation through time (Feng et al. 2024; §5.1.1 of the paper).
 *
 *   min_S  E_θ₀ E_N ℓ( θ_N(S); T ),   derivative through steps N − M … N alone, N drawn at random
 *
 * A long training on S is differentiated through a window of its steps that ends anywhere, which keeps the derivative's
 * variance down and covers all of the training.
 */
export const ratBptt: BilevelMethod = {
  name: "rat-bptt",
  row: 2,
  title: "random truncated backpropagation through time",
  citation: {
    authors: "Y. Feng, S. R. Vedantam and J. Kempe",
    year: 2024,
    title: "Embarrassingly Simple Dataset Distillation",
    venue: "ICLR",
  },
  formula: "min_S E_θ₀ E_N ℓ( θ_N(S); T ), derivative through the last M of N steps of Adam",
  reference: "§5.1.1, truncated backpropagation through time",
  objective: {
    solve: {
      name: "truncated",
      options: { steps: 200, window: 60, ends: "random", redraw: 10, optimizer: "adam", learningRate: 0.001 },
    },
    criterion: { name: "target-loss", options: { loss: "cross-entropy" } },
  },
  labels: { positive: true },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "fresh" },
  update: { rule: "adam", clip: 2 },
  augmentation: "flip_rotate",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "svhn"] },
      set: {
        steps: 600000,
        realBatch: 500,
        realImages: 5000,
        imageLearningRate: 0.001,
        imageMomentum: 0.9,
        augmentation: "rotate",
      },
      source: "Feng et al. (2024): paper and code",
    },
    {
      when: { dataset: ["fashion-mnist", "cifar-10"] },
      set: { steps: 600000, realBatch: 500, realImages: 5000, imageLearningRate: 0.001, imageMomentum: 0.9 },
      source: "Feng et al. (2024): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: 1 },
      set: {
        steps: 600000,
        realBatch: 500,
        realImages: 5000,
        imageLearningRate: 0.0003,
        imageMomentum: 0.9,
        "solver.ends": "end",
        "solver.steps": 130,
        "solver.window": 90,
        "labels.learned": true,
      },
      source: "Feng et al. (2024): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [2, 10] },
      set: {
        steps: 600000,
        realBatch: 500,
        realImages: 5000,
        imageLearningRate: 0.001,
        imageMomentum: 0.9,
        "solver.steps": 300,
        "solver.window": 100,
        "solver.batch": 1,
        "solver.order": "random",
        "labels.learned": true,
      },
      source: "Feng et al. (2024): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [11, 10000] },
      set: { steps: 600000, realBatch: 500, realImages: 5000, imageLearningRate: 0.001, imageMomentum: 0.9 },
      source: "Feng et al. (2024): paper and code",
    },
  ],
  departures: [
    "The data set's own normalisation instead of ZCA whitening of images of unit length; noise starts at unit variance of pixels.",
    "The inner Adam adds 1e-12 under its root, without which its derivative has no bound: a parameter whose gradient is about 1e-6 or less moves less than the authors' would, by 29 % at 1e-6.",
    "In the laptop preset a training is 40 steps with a window of 10, not 200 with 60, at an inner rate of 0.003, not 0.001, on 5 images of each class, and a step sees 25 real images of each class.",
    "In the laptop preset S starts at k-means centres, or from ten images per class on at the real images nearest to them: from noise some hundred steps do not arrive.",
    "In the laptop preset the network is of width 32 from ten images per class on.",
    "A real batch is balanced over the classes: 500 images of each of ten, 50 of each of a hundred; theirs are 5,000 at random.",
    "Digits are rotated, never flipped.",
    "attar evaluate trains S with SGD by its own recipe, and scores the last epoch; theirs is Adam, the best of four lengths on the test split.",
    "Steps of the paper preset are 60,000 epochs of 10; the authors stop when they are satisfied.",
    "The authors report CIFAR-10, CIFAR-100 and larger images; grey images and 50 images per class take the values of CIFAR-10 at ten.",
  ],
};
