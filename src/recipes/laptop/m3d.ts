import type { LaptopRow } from "../row.ts";

/** Laptop rows of m3d: hyperparameters for some minutes on two cores. */
export const m3d: readonly LaptopRow[] = [
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
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: { steps: 400, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 3c18305, f74ac66",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: { steps: 200, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 3c18305, f74ac66",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: { steps: 1000, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5 },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
