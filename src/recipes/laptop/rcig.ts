import type { LaptopRow } from "../row.ts";

/** Laptop rows of rcig: hyperparameters for some minutes on two cores. */
export const rcig: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 1400,
      realBatch: 16,
      imageLearningRate: 0.03,
      imageMomentum: 0.9,
      "update.schedule": "cosine",
      "network.width": 32,
      "hypotheses.networks": 10,
      "hypotheses.most": 20,
      "hypotheses.steps": 3,
      "hypotheses.learningRate": 0.002,
      "solver.iterations": 5,
      "solver.inverse": 5,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than d4c4e79",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: {
      steps: 600,
      realBatch: 16,
      imageLearningRate: 0.03,
      imageMomentum: 0.9,
      "update.schedule": "cosine",
      "network.width": 32,
      "hypotheses.networks": 10,
      "hypotheses.most": 20,
      "hypotheses.steps": 3,
      "hypotheses.learningRate": 0.002,
      "solver.iterations": 5,
      "solver.inverse": 5,
    },
    chosen: {
      command: "not recorded",
      split: "not recorded",
      commit: "no later than 119749c, 2ee9652",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 1400,
      realBatch: 16,
      imageLearningRate: 0.03,
      imageMomentum: 0.9,
      "update.schedule": "cosine",
      "network.width": 32,
      "hypotheses.networks": 10,
      "hypotheses.most": 20,
      "hypotheses.steps": 3,
      "hypotheses.learningRate": 0.002,
      "solver.iterations": 5,
      "solver.inverse": 5,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
