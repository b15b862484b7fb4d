import { mtt as laptop } from "../recipes/laptop/mtt.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * MTT: Dataset Distillation by Matching Training Trajectories (Cazenavette et al. 2022; §5.1.3 of the paper).
 *
 *   min_{S, η}  E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖²,   θ_0 = θ*_t
 *
 * From where an expert stood after t epochs on T, N steps on S should lead to where M more epochs on T led it. The step size of
 * training on S is learned with S.
 */
export const mtt: BilevelMethod = {
  name: "mtt",
  row: 13,
  title: "matching of training trajectories",
  citation: {
    authors: "G. Cazenavette, T. Wang, A. Torralba, A. A. Efros and J.-Y. Zhu",
    year: 2022,
    title: "Dataset Distillation by Matching Training Trajectories",
    venue: "CVPR",
  },
  formula: "min_{S, η} E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖², θ_0 = θ*_t",
  reference: "§5.1.3, trajectory matching",
  objective: {
    solve: {
      name: "unrolled",
      options: { steps: 30, learningRate: 0.001, rates: "shared", form: "plain", rateFactor: 1e-7, order: "random" },
    },
    criterion: { name: "parameter-distance" },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  hypotheses: { name: "experts" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["cifar-10"], ipc: [1, 9] },
      set: {
        steps: 5000,
        realBatch: 1,
        imageLearningRate: 100,
        imageMomentum: 0.5,
        "solver.steps": 50,
        "solver.learningRate": 0.01,
        "solver.rateFactor": 1e-9,
        "hypotheses.latest": 1,
      },
      source: "Cazenavette et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [10, 49] },
      set: { steps: 5000, realBatch: 1, imageLearningRate: 100, imageMomentum: 0.5 },
      source: "Cazenavette et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [50, 5000] },
      set: {
        steps: 5000,
        realBatch: 1,
        imageLearningRate: 1000,
        imageMomentum: 0.5,
        "solver.rateFactor": 1e-8,
        "hypotheses.latest": 39,
      },
      source: "Cazenavette et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-10", "cifar-100"], ipc: [5001, 10000] },
      set: { steps: 5000, realBatch: 1, imageLearningRate: 100, imageMomentum: 0.5 },
      source: "Cazenavette et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [1, 9] },
      set: {
        steps: 5000,
        realBatch: 1,
        imageLearningRate: 1000,
        imageMomentum: 0.5,
        "solver.steps": 20,
        "solver.learningRate": 0.01,
        "solver.rateFactor": 1e-8,
        "hypotheses.latest": 19,
        "hypotheses.span": 3,
      },
      source: "Cazenavette et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [10, 49] },
      set: {
        steps: 5000,
        realBatch: 1,
        imageLearningRate: 1000,
        imageMomentum: 0.5,
        "solver.steps": 20,
        "solver.learningRate": 0.01,
        "solver.rateFactor": 1e-8,
        "hypotheses.latest": 19,
      },
      source: "Cazenavette et al. (2022): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [50, 5000] },
      set: {
        steps: 5000,
        realBatch: 1,
        imageLearningRate: 1000,
        imageMomentum: 0.5,
        "solver.rateFactor": 1e-8,
        "hypotheses.latest": 39,
        "solver.steps": 80,
        "solver.learningRate": 0.01,
        "solver.batch": 1,
      },
      source: "Cazenavette et al. (2022): paper and code",
    },
  ],
  departures: [
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
