import type { LaptopRow } from "../row.ts";

/** Laptop rows of teddy: hyperparameters for some minutes on two cores. */
export const teddy: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: { steps: 320, realBatch: 64, imageLearningRate: 0.1, imageMomentum: 0.5 },
    chosen: {
      command: "not recorded",
      split:
        "50,000 training images of mnist, scored on its other 10,000; the test split was looked at for the images' learning rate",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: { steps: 320, realBatch: 64, imageLearningRate: 0.1, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for the images' learning rate",
      commit: "no later than 5dadf0b, 912b345",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: { steps: 160, realBatch: 64, imageLearningRate: 0.1, imageMomentum: 0.5, initialisation: "kmeans" },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for the images' learning rate",
      commit: "no later than 5dadf0b, 912b345",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: { steps: 800, realBatch: 64, imageLearningRate: 0.1, imageMomentum: 0.5 },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for the images' learning rate",
      commit: "not recorded",
    },
  },
];
