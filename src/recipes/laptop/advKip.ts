import type { LaptopRow } from "../row.ts";

/** Laptop rows of adv-kip: hyperparameters for some minutes on two cores. */
export const advKip: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10 },
    set: { steps: 1200, realBatch: 100, imageLearningRate: 0.03, imageMomentum: 0.9, "update.schedule": "cosine" },
    chosen: { command: "none: the values of kip, a third of the steps", split: "none", commit: "bec16a8" },
  },
];
