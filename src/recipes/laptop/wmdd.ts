import type { LaptopRow } from "../row.ts";

/** Laptop rows of wmdd: hyperparameters for some minutes on two cores. */
export const wmdd: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 400,
      realBatch: 64,
      imageLearningRate: 0.03,
      imageMomentum: 0.5,
      initialisation: "random",
      "hypotheses.networks": 4,
      "hypotheses.epochs": 3,
      "hypotheses.images": 3000,
      "discrepancy.samples": 300,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: {
      steps: 400,
      realBatch: 64,
      imageLearningRate: 0.03,
      imageMomentum: 0.5,
      initialisation: "kmeans",
      "hypotheses.networks": 4,
      "hypotheses.epochs": 3,
      "hypotheses.images": 3000,
      "discrepancy.samples": 300,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "no later than 5dadf0b, 5f4eb97" },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: {
      steps: 200,
      realBatch: 64,
      imageLearningRate: 0.03,
      imageMomentum: 0.5,
      initialisation: "kmeans",
      "hypotheses.networks": 4,
      "hypotheses.epochs": 3,
      "hypotheses.images": 3000,
      "discrepancy.samples": 300,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "no later than 5dadf0b, 5f4eb97" },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 1000,
      realBatch: 64,
      imageLearningRate: 0.03,
      imageMomentum: 0.5,
      initialisation: "random",
      "hypotheses.networks": 4,
      "hypotheses.epochs": 3,
      "hypotheses.images": 3000,
      "discrepancy.samples": 300,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
