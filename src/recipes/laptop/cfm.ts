import type { LaptopRow } from "../row.ts";

/** Laptop rows of cfm: hyperparameters for some minutes on two cores. */
export const cfm: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: { steps: 400, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5 },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 1285bf4",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: { steps: 400, realBatch: 64, imageLearningRate: 10, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "none: its rate follows those of dm and dsa",
      commit: "no later than 28da9df, fd93115",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: { steps: 200, realBatch: 64, imageLearningRate: 10, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "none: its rate follows those of dm and dsa",
      commit: "no later than 28da9df, fd93115",
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
