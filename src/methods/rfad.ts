import { rfad as laptop } from "../recipes/laptop/rfad.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * RFAD: Random Feature Approximation for Distillation (Loo, Hasani, Amini and Rus 2022; §5.1.2, §5.2.2).
 *
 *   min_S,τ  E_(x,y)~T ℓ( e^τ Φ_x Φ_Sᵀ (Φ_S Φ_Sᵀ + λI)⁻¹ y_S, y ),   Φ features of random networks
 *
 * The covariance kernel of infinitely wide networks by the features of a few random ones, new ones in every step: linear in T
 * where the tangent kernel of convolutions costs milliseconds for every pair of images.
 */
export const rfad: BilevelMethod = {
  name: "rfad",
  row: 10,
  title: "Random features of the NNGP kernel",
  citation: {
    authors: "N. Loo, R. Hasani, A. Amini and D. Rus",
    year: 2022,
    title: "Efficient Dataset Distillation Using Random Feature Approximation",
    venue: "NeurIPS",
  },
  formula: "min_S,τ E_(x,y)~T ℓ( e^τ Φ_x Φ_Sᵀ (Φ_S Φ_Sᵀ + λI)⁻¹ y_S, y ), Φ features of random networks",
  reference: "§5.1.2 and §5.2.2, random features of the NNGP kernel",
  objective: {
    solve: { name: "kernel-ridge", options: { kernel: "random-nngp", ridge: 5e-3, networks: 8 } },
    criterion: { name: "regression-loss", options: { loss: "tempered", rate: 10 } },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  labels: { form: "centred", learned: true },
  hypotheses: { name: "fresh", options: { parameters: "gaussian" } },
  network: { name: "convnet", options: { normalisation: "none" } },
  update: { rule: "adabelief" },
  augmentation: "none",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"] },
      set: {
        steps: 100000,
        realBatch: 512,
        realImages: 5120,
        imageLearningRate: 0.001,
        imageMomentum: 0.9,
        "network.width": 256,
      },
      source: "Loo et al. (2022): paper and code",
    },
  ],
  departures: [
    "The set after the last step: the authors keep the one with the least loss on held-out images and stop where it no longer falls.",
    "One real batch a step that all networks see; theirs are four of 1,280 images: it holds as many, 512 of each of ten classes or 51 of each of a hundred.",
    "The laptop preset draws four networks of width 32 a step, not eight of 256, 32 real images of each class, and moves S fifty times as fast along a cosine.",
    "attar evaluate trains by FRePo's recipe (squared error, Adam) on the network it is told; theirs is of width 1,024 without normalisation, by SGD with a label scale, weight decay towards the start and early stopping for each data set and size.",
    "No learned linear transform in front of S, which the authors fold into the images at the end.",
    "Images of colour are whitened only where the data set is loaded so.",
  ],
};
