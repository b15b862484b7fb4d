import { bptt as laptop } from "../recipes/laptop/bptt.ts";
import type { BilevelMethod } from "./method.ts";

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
    authors: "T. Wang, J.-Y. Zhu, A. Torralba and A. A. Efros",
    year: 2018,
    title: "Dataset Distillation",
    venue: "arXiv 1811.10959",
  },
  formula: "min_{S, η} E_θ₀ ℓ( θ_N(S, η); T ), θ_{t+1} = θ_t − η_t ∇ℓ(θ_t; S_t)",
  reference: "§5.1.1, backpropagation through time",
  objective: {
    solve: {
      name: "unrolled",
      options: { steps: 30, batch: 1, order: "fixed", learningRate: 0.02, rates: "each", form: "softplus" },
    },
    criterion: { name: "target-loss", options: { loss: "cross-entropy" } },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "fresh" },
  update: { rule: "adam" },
  augmentation: "none",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn"] },
      set: { steps: 23600, realBatch: 102, realImages: 1024, imageLearningRate: 0.01, imageMomentum: 0.5 },
      source: "Wang et al. (2018): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"] },
      set: {
        steps: 19600,
        realBatch: 102,
        realImages: 1024,
        imageLearningRate: 0.01,
        imageMomentum: 0.5,
        "solver.learningRate": 0.001,
      },
      source: "Wang et al. (2018): paper and code",
    },
  ],
  departures: [
    "ConvNet-3 instead of LeNet (digits) and AlexNet (CIFAR-10), as in the comparisons of the field; --net lenet is theirs.",
    "Networks start as PyTorch's layers do; the authors draw weights by Xavier's normal law and start biases at zero. One network a step, as in their code by default; their documentation has four.",
    "A real batch is balanced: as many images of each class as 1,024 allow (102 of ten classes, 10 of a hundred), theirs are 1,024 at random.",
    "The authors report MNIST and CIFAR-10, at ten images per class (30 steps: three passes over ten images of each); other data sets and sizes take these values, CIFAR-100 those of CIFAR-10.",
    "In the laptop preset the inner training has 20 steps (40 from ten images per class on, at rates from 0.1), and 25 real images of each class.",
    "In the laptop preset S starts at k-means centres, or from ten images per class on at the real images nearest to them: from noise some hundred steps do not arrive.",
    "In the laptop preset, from ten images per class on, the network is of width 32 and an inner step takes 5 images of each class: one image each and rates from 0.02 train it too briefly for S to serve any longer training.",
    "The learning rate of S is constant; theirs is halved every 40 of 400 epochs.",
    "Images, not only training with their order and rates, are what is published: attar evaluate trains by its own recipe.",
  ],
};
