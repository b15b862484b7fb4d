import type { LaptopRow } from "../row.ts";

/** Laptop rows of bptt: hyperparameters for some minutes on two cores. */
export const bptt: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 60,
      initialisation: "kmeans-centres",
      realBatch: 25,
      imageLearningRate: 0.01,
      imageMomentum: 0.5,
      "solver.steps": 20,
    },
    chosen: {
      command: "not recorded",
      split:
        "50,000 training images of mnist, scored on its other 10,000; the test split was looked at for the number of steps",
      commit: "no later than 92aebd3",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: {
      steps: 120,
      initialisation: "kmeans",
      realBatch: 25,
      imageLearningRate: 0.02,
      imageMomentum: 0.5,
      "solver.steps": 40,
      "network.width": 32,
      "solver.batch": 5,
      "solver.learningRate": 0.1,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 3c18305, 5f4eb97",
    },
  },
  {
    when: { dataset: ["fashion-mnist"], channels: 1, side: 28, classes: 10, ipc: [10, 1000] },
    set: {
      steps: 60,
      initialisation: "kmeans",
      realBatch: 25,
      imageLearningRate: 0.02,
      imageMomentum: 0.5,
      "solver.steps": 40,
      "network.width": 32,
      "solver.batch": 5,
      "solver.learningRate": 0.1,
    },
    chosen: {
      command: "not recorded",
      split: "50,000 training images of mnist, scored on its other 10,000",
      commit: "no later than 3c18305, 5f4eb97",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 100,
      initialisation: "kmeans-centres",
      realBatch: 25,
      imageLearningRate: 0.01,
      imageMomentum: 0.5,
      "solver.steps": 20,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
