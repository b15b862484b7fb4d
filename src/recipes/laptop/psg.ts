import type { LaptopRow } from "../row.ts";

/** Laptop rows of psg: hyperparameters for some minutes on two cores. */
export const psg: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 1000,
      realBatch: 25,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "network.width": 32,
      "hypotheses.every": 10,
      "hypotheses.epochs": 1,
      "evaluation.augmentation": "per-image:crop_scale_rotate",
    },
    chosen: {
      command: "none: as a run of the same size in PyTorch was set",
      split: "none: no sample of T chose it",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: {
      steps: 1000,
      realBatch: 25,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "network.width": 32,
      "hypotheses.every": 20,
      "hypotheses.epochs": 5,
      "evaluation.augmentation": "per-image:crop_scale_rotate",
    },
    chosen: {
      command: "none: as a run of the same size in PyTorch was set",
      split: "none: no sample of T chose it",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [50, 1000] },
    set: {
      steps: 1000,
      realBatch: 25,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "network.width": 32,
      "hypotheses.every": 20,
      "hypotheses.epochs": 3,
      "evaluation.augmentation": "per-image:crop_scale_rotate",
    },
    chosen: {
      command: "none: as a run of the same size in PyTorch was set",
      split: "none: no sample of T chose it",
      commit: "not recorded",
    },
  },
];
