import type { BilevelMethod } from "./method.ts";
import { fromTen, narrow, representativeStart } from "./shortRuns.ts";

/**
 * BPTT: Dataset Distillation (Wang et al. 2018; §5.1.1 of the paper).
 *
 *   min_{S, η}  E_θ₀ ℓ( θ_N(S, η); T ),   θ_{t+1} = θ_t − η_t ∇ℓ(θ_t; S_t)
 *
 * S and the learning rate of every step such that a network trained on S for a few steps does well on T: the derivative goes
 * back through all of them. `hypotheses.every` beyond the number of steps is the fixed initialisation of the authors.
 */
export const bptt: BilevelMethod = {
  name: "bptt",
  row: 1,
  title: "dataset distillation by backpropagation through time",
  citation: {
    authors: "Wang, Zhu, Torralba and Efros",
    year: 2018,
    title: "Dataset Distillation",
    venue: "arXiv 1811.10959",
  },
  objective: "min_{S, η} E_θ₀ ℓ( θ_N(S, η); T ), θ_{t+1} = θ_t − η_t ∇ℓ(θ_t; S_t)",
  reference: "§5.1.1, backpropagation through time",
  loop: "bilevel",
  solver: {
    name: "unrolled",
    options: { steps: 30, batch: 1, order: "fixed", learningRate: 0.02, rates: "each", form: "softplus" },
  },
  criterion: { name: "target-loss", options: { loss: "cross-entropy" } },
  synthetic: { name: "pixels" },
  initialisation: "noise",
  hypotheses: { name: "fresh" },
  update: { rule: "adam" },
  augmentation: "none",
  presets: {
    laptop: {
      steps: 100,
      initialisation: "kmeans",
      realBatch: 25,
      imageLearningRate: 0.01,
      imageMomentum: 0.5,
      "solver.steps": 20,
    },
    paper: { steps: 23600, realBatch: 102, imageLearningRate: 0.01, imageMomentum: 0.5 },
  },
  tuned: [
    representativeStart,
    narrow,
    fromTen({
      steps: 200,
      imageLearningRate: 0.02,
      "solver.steps": 40,
      "solver.batch": 5,
      "solver.learningRate": 0.1,
    }),
  ],
  departures: [
    "ConvNet-3 instead of LeNet (digits) and AlexNet (CIFAR-10), as in the comparisons of the field; --net lenet is theirs",
    "a real batch is balanced: 102 images of each class for 1,024 at random",
    "in the laptop preset S starts at k-means centres, or from ten images per class on at the real images nearest to them: from noise some hundred steps do not arrive",
    "in the laptop preset, from ten images per class on, the network is of width 32 and an inner step takes 5 images of each class: one image each and rates from 0.02 train it too briefly for S to serve any longer training",
    "the learning rate of S is constant; theirs is halved every 40 of 400 epochs",
    "images, not only training with their order and rates, are what is published: attar evaluate trains by its own recipe",
  ],
};
