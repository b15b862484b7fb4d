import type { BilevelMethod } from "./method.ts";
import { narrow, representativeStart } from "./shortRuns.ts";

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
    authors: "Feng, Vedantam and Kempe",
    year: 2024,
    title: "Embarrassingly Simple Dataset Distillation",
    venue: "ICLR",
  },
  objective: "min_S E_θ₀ E_N ℓ( θ_N(S); T ), derivative through the last M of N steps of Adam",
  reference: "§5.1.1, truncated backpropagation through time",
  loop: "bilevel",
  solver: {
    name: "truncated",
    options: { steps: 200, window: 60, ends: "random", redraw: 10, optimizer: "adam", learningRate: 0.001 },
  },
  criterion: { name: "target-loss", options: { loss: "cross-entropy" } },
  labels: { positive: true },
  synthetic: { name: "pixels" },
  initialisation: "noise",
  hypotheses: { name: "fresh" },
  update: { rule: "adam", clip: 2 },
  augmentation: "flip_rotate",
  presets: {
    laptop: {
      steps: 400,
      initialisation: "kmeans",
      realBatch: 25,
      imageLearningRate: 0.02,
      imageMomentum: 0.9,
      "solver.steps": 40,
      "solver.window": 10,
      "solver.batch": 5,
      "solver.order": "random",
      "solver.learningRate": 0.003,
    },
    paper: { steps: 600000, realBatch: 500, imageLearningRate: 0.001, imageMomentum: 0.9 },
  },
  tuned: [
    representativeStart,
    narrow,
    { datasets: ["mnist", "svhn"], set: { augmentation: "rotate" } },
    {
      preset: "paper",
      datasets: ["cifar-100"],
      ipc: [1, 1],
      set: {
        "solver.ends": "end",
        "solver.steps": 130,
        "solver.window": 90,
        "labels.learned": true,
        imageLearningRate: 0.0003,
      },
    },
    {
      preset: "paper",
      datasets: ["cifar-100"],
      ipc: [2, 10],
      set: {
        "solver.steps": 300,
        "solver.window": 100,
        "solver.batch": 1,
        "solver.order": "random",
        "labels.learned": true,
      },
    },
  ],
  departures: [
    "the data set's own normalisation instead of ZCA whitening of images of unit length; noise starts at unit variance of pixels",
    "in the laptop preset S starts at k-means centres, or from ten images per class on at the real images nearest to them: from noise some hundred steps do not arrive",
    "in the laptop preset the network is of width 32 from ten images per class on",
    "a real batch is balanced over the classes",
    "digits are rotated, never flipped",
    "attar evaluate trains S with SGD by its own recipe, and scores the last epoch; theirs is Adam, the best of four lengths",
    "paper steps are 60,000 epochs of 10; the authors stop when they are satisfied",
  ],
};
