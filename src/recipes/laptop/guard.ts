import type { LaptopRow } from "../row.ts";

/** Laptop rows of guard: hyperparameters for some minutes on two cores. */
export const guard: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 400,
      realBatch: 64,
      imageLearningRate: 0.03,
      imageMomentum: 0.5,
      initialisation: "random",
      "hypotheses.networks": 4,
      "hypotheses.epochs": 3,
      "hypotheses.images": 3000,
    },
    chosen: { command: "none: the values of wmdd", split: "none", commit: "bec16a8" },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 10000] },
    set: {
      steps: 400,
      realBatch: 64,
      imageLearningRate: 0.03,
      imageMomentum: 0.5,
      initialisation: "kmeans",
      "hypotheses.networks": 4,
      "hypotheses.epochs": 3,
      "hypotheses.images": 3000,
    },
    chosen: { command: "none: the values of wmdd", split: "none", commit: "bec16a8" },
  },
];
