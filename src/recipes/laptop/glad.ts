import type { LaptopRow } from "../row.ts";

const unmeasured = { command: "not recorded", split: "not recorded", commit: "not recorded" };

/** What Adam moves maps and styles by. */
const moving = {
  imageLearningRate: 0.02,
  imageMomentum: 0.9,
  "update.rule": "adam",
  "synthetic.styleRate": 1,
} as const;

/** Generators of digits of 8x8 pixels have half the channels and half the steps. */
const small = { "synthetic.generator": "style:channels=16,criticChannels=16", "synthetic.steps": 1000 } as const;

/** Laptop rows of glad: hyperparameters for some minutes on two cores. */
export const glad: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 1000] },
    set: { steps: 600, realBatch: 64, ...moving, "synthetic.layer": 3 },
    chosen: unmeasured,
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1, 1000] },
    set: { steps: 300, realBatch: 64, ...moving, ...small },
    chosen: unmeasured,
  },
];

/** Laptop rows of glad-dc. */
export const gladDc: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 1000] },
    set: {
      steps: 120,
      realBatch: 64,
      ...moving,
      "hypotheses.every": 10,
      "hypotheses.epochs": 5,
      "synthetic.layer": 3,
    },
    chosen: unmeasured,
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1, 1000] },
    set: { steps: 120, realBatch: 64, ...moving, ...small, "hypotheses.every": 10, "hypotheses.epochs": 5 },
    chosen: unmeasured,
  },
];

/** The experts and the steps on S of mtt's laptop rows. */
const trajectories = {
  realBatch: 1,
  "solver.steps": 10,
  "solver.batch": 5,
  "solver.learningRate": 0.02,
  "solver.form": "softplus",
  "solver.rateFactor": 1,
  "hypotheses.networks": 5,
  "hypotheses.expertEpochs": 6,
  "hypotheses.images": 5000,
  "hypotheses.batch": 64,
  "hypotheses.latest": 4,
  "hypotheses.span": 1,
  "network.width": 32,
} as const;

/** Laptop rows of glad-mtt. */
export const gladMtt: readonly LaptopRow[] = [
  {
    when: { channels: 1, side: 28, classes: 10, ipc: [1, 1000] },
    set: { steps: 200, ...trajectories, ...moving, "synthetic.layer": 3 },
    chosen: unmeasured,
  },
  {
    when: { channels: 1, side: 8, classes: 10, ipc: [1, 1000] },
    set: { steps: 200, ...trajectories, ...moving, ...small },
    chosen: unmeasured,
  },
];
