import type { LaptopRow } from "../row.ts";

/** Laptop rows of frepo: hyperparameters for some minutes on two cores. */
export const frepo: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10 },
    set: {
      steps: 2400,
      realBatch: 25,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
      "update.rule": "adam",
      "network.width": 32,
      "criterion.loss": "tempered",
      "criterion.rate": 1,
      "hypotheses.most": 4,
      "hypotheses.learningRate": 0.002,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 22985f3, 92cac3d, 934cd94",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10 },
    set: {
      steps: 1200,
      realBatch: 25,
      imageLearningRate: 0.05,
      imageMomentum: 0.9,
      "update.rule": "adam",
      "network.width": 32,
      "criterion.loss": "tempered",
      "criterion.rate": 1,
      "hypotheses.most": 4,
      "hypotheses.learningRate": 0.002,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 22985f3, 92cac3d, 934cd94",
    },
  },
];
