import type { LaptopRow } from "../row.ts";

/** Laptop rows of dim: hyperparameters for some minutes on two cores. */
export const dim: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10 },
    set: {
      steps: 500,
      realBatch: 6,
      imageLearningRate: 5e-5,
      imageMomentum: 0,
      "synthetic.draw": 6,
      "warmup.share": 0.1,
      "network.width": 32,
      "tricks.critic.learningRate": 2e-4,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
