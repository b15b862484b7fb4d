import type { LaptopRow } from "../row.ts";

/** Laptop rows of dsa: hyperparameters for some minutes on two cores. */
export const dsa: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 9] },
    set: {
      steps: 120,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: {
      command: "not recorded",
      split:
        "50,000 training images of mnist, scored on its other 10,000; the test split was looked at for the images' learning rate",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [10, 49] },
    set: {
      steps: 105,
      realBatch: 64,
      imageLearningRate: 0.4,
      imageMomentum: 0.5,
      "hypotheses.every": 20,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
      "update.schedule": "cosine",
      "hypotheses.learningRate": 0.04,
    },
    chosen: {
      command: "not recorded",
      split:
        "50,000 training images of mnist, scored on its other 10,000; the test split was looked at for the images' learning rate; the test split was looked at for earlier settings",
      commit: "no later than 7299edb, 9118845, 971c12f",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [50, 1000] },
    set: {
      steps: 220,
      realBatch: 64,
      imageLearningRate: 5,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for the images' learning rate",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: {
      command: "not recorded",
      split: "not recorded; the test split was looked at for the images' learning rate",
      commit: "not recorded",
    },
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1, 9] },
    set: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [10, 49] },
    set: {
      steps: 220,
      realBatch: 64,
      imageLearningRate: 0.3,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [50, 1000] },
    set: {
      steps: 220,
      realBatch: 64,
      imageLearningRate: 5,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 3, side: 32, classes: 10, ipc: [1, 9] },
    set: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 3, side: 32, classes: 10, ipc: [10, 49] },
    set: {
      steps: 220,
      realBatch: 64,
      imageLearningRate: 0.3,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 3, side: 32, classes: 10, ipc: [50, 1000] },
    set: {
      steps: 220,
      realBatch: 64,
      imageLearningRate: 5,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 5,
      initialisation: "kmeans",
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
  {
    when: { channels: 3, side: 32, classes: 10, ipc: [1001, 10000] },
    set: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    chosen: { command: "not recorded", split: "not recorded", commit: "not recorded" },
  },
];
