import type { LaptopRow } from "../row.ts";

/** Laptop rows of datadam: hyperparameters for some minutes on two cores. */
export const datadam: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: { steps: 400, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5 },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: { steps: 400, realBatch: 64, imageLearningRate: 10, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 50de628, a6ae13b",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: { steps: 200, realBatch: 64, imageLearningRate: 10, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 50de628, a6ae13b",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [50, 1000] },
    set: { steps: 1000, realBatch: 64, imageLearningRate: 50, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: { steps: 1000, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5 },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
