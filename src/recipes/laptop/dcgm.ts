import type { LaptopRow } from "../row.ts";

/** Laptop rows of dcgm: hyperparameters for some minutes on two cores. */
export const dcgm: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10 },
    set: {
      steps: 600,
      realBatch: 64,
      imageLearningRate: 0.02,
      imageMomentum: 0.9,
      "synthetic.weightRate": 0.01,
      "network.width": 32,
      "tricks.critic.learningRate": 2e-4,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
