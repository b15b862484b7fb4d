import type { LaptopRow } from "../row.ts";

/** Laptop rows of rfad: hyperparameters for some minutes on two cores. */
export const rfad: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10 },
    set: {
      steps: 1200,
      realBatch: 32,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
      "update.schedule": "cosine",
      "network.width": 32,
      "solver.networks": 4,
      "criterion.rate": 1,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 1a29004, 92cac3d, d4c4e79",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10 },
    set: {
      steps: 600,
      realBatch: 32,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
      "update.schedule": "cosine",
      "network.width": 32,
      "solver.networks": 4,
      "criterion.rate": 1,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 1a29004, 92cac3d, d4c4e79",
    },
  },
];
