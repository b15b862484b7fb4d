import type { LaptopRow } from "../row.ts";

/** Laptop rows of robdc: hyperparameters for some minutes on two cores. */
export const robdc: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 120,
      initialisation: "kmeans-centres",
      realBatch: 25,
      imageLearningRate: 0.01,
      imageMomentum: 0.5,
      "solver.batch": 1,
    },
    chosen: { command: "none: the values of bptt, twice as many steps", split: "none", commit: "bec16a8" },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 10000] },
    set: { steps: 120, realBatch: 25, imageLearningRate: 0.02, imageMomentum: 0.5 },
    chosen: { command: "none: the values of bptt, half as many inner steps", split: "none", commit: "bec16a8" },
  },
];
