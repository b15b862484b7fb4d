import type { LaptopRow } from "../row.ts";

/** Laptop rows of dm: hyperparameters for some minutes on two cores. */
export const dm: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: { steps: 600, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5 },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 1285bf4, 6354074",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: { steps: 600, realBatch: 64, imageLearningRate: 10, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 119749c, 59af760",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: { steps: 300, realBatch: 64, imageLearningRate: 10, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 119749c, 59af760",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [50, 1000] },
    set: { steps: 1500, realBatch: 64, imageLearningRate: 50, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: { steps: 1500, realBatch: 64, imageLearningRate: 1, imageMomentum: 0.5 },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
