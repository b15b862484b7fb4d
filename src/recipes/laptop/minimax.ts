import type { LaptopRow } from "../row.ts";

/** Laptop rows of minimax: hyperparameters for some minutes on two cores; ten real images of a class a step. */
export const minimax: readonly LaptopRow[] = [
  {
    when: {},
    set: { steps: 300, realBatch: 10, imageLearningRate: 1e-4, imageMomentum: 0.9 },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
