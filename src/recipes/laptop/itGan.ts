import type { LaptopRow } from "../row.ts";

const unmeasured = { command: "not recorded", split: "not recorded", commit: "not recorded" };

/** Laptop rows of it-gan: hyperparameters for some minutes on two cores. */
export const itGan: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 1000] },
    set: { steps: 600, realBatch: 64, imageLearningRate: 0.02, imageMomentum: 0.9 },
    chosen: unmeasured,
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1, 1000] },
    set: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.02,
      imageMomentum: 0.9,
      "synthetic.steps": 1000,
    },
    chosen: unmeasured,
  },
];

/** Laptop rows of it-gan-gradient. */
export const itGanGradient: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 1000] },
    set: {
      steps: 120,
      realBatch: 64,
      imageLearningRate: 0.02,
      imageMomentum: 0.9,
      "hypotheses.every": 10,
      "hypotheses.epochs": 5,
    },
    chosen: unmeasured,
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1, 1000] },
    set: {
      steps: 120,
      realBatch: 64,
      imageLearningRate: 0.02,
      imageMomentum: 0.9,
      "hypotheses.every": 10,
      "hypotheses.epochs": 5,
      "synthetic.steps": 1000,
    },
    chosen: unmeasured,
  },
];
