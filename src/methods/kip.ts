import { kip as laptop } from "../recipes/laptop/kip.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * KIP: Kernel Inducing Points (Nguyen, Chen and Lee 2021; §5.1.2, §5.2.2).
 *
 *   min_S  E_(x,y)~T ½ ‖ K_xS (K_SS + λI)⁻¹ y_S − y ‖²,   K the neural tangent kernel
 *
 * Training an infinitely wide network on S is kernel ridge regression, whose solution is a formula: what it gets wrong on T is
 * a function of S that can be differentiated as it stands. No network is drawn or trained.
 */
export const kip: BilevelMethod = {
  name: "kip",
  row: 9,
  title: "Kernel inducing points",
  citation: {
    authors: "T. Nguyen, Z. Chen and J. Lee",
    year: 2021,
    title: "Dataset Meta-Learning from Kernel Ridge-Regression",
    venue: "ICLR",
    letter: "a",
  },
  formula: "min_S E_(x,y)~T ½ ‖ K_xS (K_SS + λI)⁻¹ y_S − y ‖², K the neural tangent kernel",
  reference: "§5.1.2 and §5.2.2, kernel ridge regression with the tangent kernel",
  objective: {
    solve: { name: "kernel-ridge", options: { kernel: "ntk", depth: 1, ridge: 1e-6, precision: "float64" } },
    criterion: { name: "regression-loss" },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  labels: { form: "centred", learned: true, rate: 0.25 },
  hypotheses: { name: "none" },
  update: { rule: "adam" },
  augmentation: "none",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"] },
      set: { steps: 1000, realBatch: 500, realImages: 5000, imageLearningRate: 0.04, imageMomentum: 0.9 },
      source: "Nguyen et al. (2021): paper and code",
    },
  ],
  departures: [
    "The kernel of one fully connected layer, as in the authors' notebook; their figures for ConvNets are of the kernel of convolutions with pooling: --set solver.convolutional=true solver.depth=3.",
    "Labels are learned, at a quarter of the images' learning rate, as in the second of the authors' papers; the notebook keeps them fixed: --set labels.learned=false.",
    "The loss is a sum over classes, averaged over images; theirs is averaged over both, which Adam does not notice.",
    "Kernel matrices between S and T, and their derivatives, are float32, K_SS is float64; the authors' are all float64.",
    "The paper preset is the notebook's: 1000 steps at a rate of 0.04, which it has for fixed labels.",
    "The laptop preset takes 6000 steps on 100 real images of each class, at a rate of 0.03 that falls along a cosine.",
    "attar evaluate trains networks by squared error and Adam; the authors' figures for networks are of SGD on a wide one, tuned by a grid. --nets ntk scores the kernel regression.",
    "Images of colour are whitened only where the data set is loaded so.",
  ],
};
