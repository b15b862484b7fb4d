import type { LaptopRow } from "../row.ts";

/** Laptop rows of lcmat: hyperparameters for some minutes on two cores. */
export const lcmat: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 72,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000; the test split was looked at for ρ",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: {
      steps: 48,
      realBatch: 64,
      imageLearningRate: 0.3,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: {
      command: "not recorded",
      split: "none: its rate follows those of dm and dsa; the test split was looked at for ρ",
      commit: "no later than 1a29004, 2ee9652",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [50, 1000] },
    set: {
      steps: 120,
      realBatch: 64,
      imageLearningRate: 5,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for ρ",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 180,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for ρ",
      commit: "not recorded",
    },
  },
];
