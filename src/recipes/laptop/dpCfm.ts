import type { LaptopRow } from "../row.ts";

/** Laptop rows of dp-cfm: hyperparameters for some minutes on two cores. */
export const dpCfm: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 1000,
      realBatch: 100,
      imageLearningRate: 10,
      imageMomentum: 0.5,
      "network.width": 32,
      "privacy.releases": 300,
      "update.schedule": "cosine",
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
      steps: 1500,
      realBatch: 100,
      imageLearningRate: 10,
      imageMomentum: 0.5,
      "network.width": 32,
      "privacy.releases": 300,
      "update.schedule": "cosine",
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
      steps: 1500,
      realBatch: 100,
      imageLearningRate: 50,
      imageMomentum: 0.5,
      "network.width": 32,
      "privacy.releases": 300,
      "update.schedule": "cosine",
    },
    chosen: {
      command: "none: as a run of the same size in PyTorch was set",
      split: "none: no sample of T chose it",
      commit: "not recorded",
    },
  },
];
