import { frepo as laptop } from "../recipes/laptop/frepo.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * FRePo: Neural Feature Regression with Pooling (Zhou, Nezhadarya and Ba 2022; §5.1.2, §5.2.2).
 *
 *   min_S  E_θ E_(x,y)~T ½ ‖ ψ_θ(x) ψ_θ(S)ᵀ (ψ_θ(S) ψ_θ(S)ᵀ + λI)⁻¹ y_S − y ‖²,   θ trained on S
 *
 * Only a network's last layer is trained on S in closed form; what comes before it is taken from a pool of networks trained on
 * S for different numbers of steps, so that S does not fit one of them.
 */
export const frepo: BilevelMethod = {
  name: "frepo",
  row: 11,
  title: "Neural feature regression with pooling",
  citation: {
    authors: "Y. Zhou, E. Nezhadarya and J. Ba",
    year: 2022,
    title: "Dataset Distillation using Neural Feature Regression",
    venue: "NeurIPS",
  },
  formula: "min_S E_θ E_(x,y)~T ½ ‖ ψ_θ(x) ψ_θ(S)ᵀ (ψ_θ(S) ψ_θ(S)ᵀ + λI)⁻¹ y_S − y ‖², θ trained on S",
  reference: "§5.1.2 and §5.2.2, neural feature kernel",
  objective: {
    solve: { name: "kernel-ridge", options: { kernel: "features", ridge: 1e-6, precision: "float64" } },
    criterion: { name: "regression-loss", options: { margin: 1 } },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  labels: { form: "centred", learned: true, classes: 10 },
  hypotheses: { name: "synthetic-pool", options: { networks: 10, most: 100, learningRate: 3e-4 } },
  network: { name: "convnet", options: { growth: 2, normalisation: "none", initialisation: "lecun-normal" } },
  update: { rule: "lamb", schedule: "cosine" },
  augmentation: "none",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"] },
      set: {
        steps: 500000,
        realBatch: 102,
        realImages: 1024,
        imageLearningRate: 0.0003,
        imageMomentum: 0.9,
        "network.width": 128,
      },
      source: "Zhou et al. (2022): paper and code",
    },
  ],
  departures: [
    "Real batches hold equally many images of every class, 1,020 in all of ten classes and 1,000 of a hundred; the authors' are 1,024 at random.",
    "The learning rate falls to zero along a cosine; theirs to a tenth.",
    "The set after the last step, where the authors keep the one that scores best on the test split.",
    "In the laptop preset Adam moves S, at 0.05, where LAMB does at 3e-4; networks are of width 32, not 128; a step sees 25 real images of each class.",
    "In the laptop preset the outer loss is the cross-entropy of exp(τ) h, τ learned, as RFAD's and RCIG's: the squared error falls too slowly for some thousand steps.",
    "In the laptop preset networks learn faster and are replaced after 4 steps: at the authors' 100, a run of some thousand steps sees a few dozen networks, and S fits those and no others.",
    "attar evaluate trains without augmentation unless it is told, for 1000 steps up to 10 images, 2000 up to 100 and 5000 above; the authors' training draws one of colour, crop, rotation, shift and cutout (and flip in colour) for every batch.",
    "Networks have no batch normalisation in training, as in the authors' evaluation.",
    "Images of colour are whitened only where the data set is loaded so, and S holds no flipped copies.",
  ],
};
