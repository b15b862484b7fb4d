import type { LaptopRow } from "../row.ts";

/** Laptop rows of dp-merf: hyperparameters for some minutes on two cores. */
export const dpMerf: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 2000,
      realBatch: 100,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
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
      steps: 2000,
      realBatch: 100,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
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
      steps: 2000,
      realBatch: 100,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
    },
    chosen: {
      command: "none: as a run of the same size in PyTorch was set",
      split: "none: no sample of T chose it",
      commit: "not recorded",
    },
  },
];
