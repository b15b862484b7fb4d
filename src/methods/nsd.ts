import { nsd as laptop } from "../recipes/laptop/nsd.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * NSD: Neural Spectral Decomposition for Dataset Distillation (Yang et al. 2024; §5.3.1 and A.1.5 of the paper).
 *
 *   min_{T, K, η}  E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖²,   S = { T_i ⊗ K_j }
 *
 * Trajectory matching in which S is of low rank: spectrum tensors of each class through kernels that all classes share, every
 * pair an image.
 */
export const nsd: BilevelMethod = {
  name: "nsd",
  row: 14,
  title: "spectral decomposition under trajectory matching",
  citation: {
    authors: "S. Yang, S. Cheng, M. Hong, H. Fan, X. Wei and S. Liu",
    year: 2024,
    title: "Neural Spectral Decomposition for Dataset Distillation",
    venue: "ECCV",
  },
  formula: "min_{T, K, η} E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖², S = { T_i ⊗ K_j }",
  reference: "§5.3.1, trajectory matching with neural spectral decomposition; A.1.5",
  objective: {
    solve: {
      name: "unrolled",
      options: { steps: 30, learningRate: 0.001, rates: "shared", form: "plain", rateFactor: 1e-7, order: "random" },
    },
    criterion: { name: "parameter-distance" },
  },
  synthetic: { name: "spectral" },
  initialisation: { name: "random" },
  hypotheses: { name: "experts" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [],
  departures: [
    "Spectra of half an image's sides and four kernels of rows, columns and channels: the authors' sizes were not to be had.",
    "No guidance by the real distribution: what it is was not to be had either.",
    "The authors' hyperparameters were not to be had: the laptop's are those of mtt with fewer steps.",
    "In the laptop preset Adam moves S and the step size, at 0.02 (0.005 from ten images per class on), where SGD does at 100 and more; the step size is the softplus of what is learned, from 0.02.",
    "In the laptop preset there are 5 experts of 6 epochs (9 from ten images per class on) in batches of 64 of 5,000 images, not 100 of 50 epochs on all of T; 10 steps on 5 images of each class (10 from ten images per class on) are to lead one epoch on, not 20 to 80 steps two or three.",
    "The learned step size is kept above 1e-6; the authors' may run away below 0.",
    "50 images per class of cifar-100: steps on one image of each class, 100, for 125 at random.",
    "In the laptop preset S starts at k-means centres, or from ten images per class on at the real images nearest to them: some hundred steps do not move images far.",
    "In the laptop preset experts are of width 32 from ten images per class on.",
    "No ZCA whitening where the data set is not loaded with it.",
    "attar evaluate scores the last epoch of one set, not the best of many.",
  ],
};
