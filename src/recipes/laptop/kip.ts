import type { LaptopRow } from "../row.ts";

/** Laptop rows of kip: hyperparameters for some minutes on two cores. */
export const kip: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10 },
    set: { steps: 3600, realBatch: 100, imageLearningRate: 0.03, imageMomentum: 0.9, "update.schedule": "cosine" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 119749c, 22985f3, 59af760",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10 },
    set: { steps: 1800, realBatch: 100, imageLearningRate: 0.03, imageMomentum: 0.9, "update.schedule": "cosine" },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 119749c, 22985f3, 59af760",
    },
  },
];
