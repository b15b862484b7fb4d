import type { LaptopRow } from "../row.ts";

/** Laptop rows of ld3m: hyperparameters for some minutes on two cores. */
export const ld3m: readonly LaptopRow[] = [
  {
    when: {},
    set: { steps: 200, realBatch: 64, imageLearningRate: 0.02, imageMomentum: 0.9 },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
