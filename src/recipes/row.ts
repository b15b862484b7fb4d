import type { OptionValue } from "../engine/index.ts";

/**
 * The values of a run that a row of a recipe fixes and `--set` overrides. Beside the four common ones any option of a part by
 * its path: "hypotheses.every", "synthetic.factor", "discrepancy.bandwidth", "view.layers", "update.per", "weights.embedding",
 * "tricks.kmeans", "solver.steps", "criterion.loss", "labels.learned", "network.width", and "warmup.share" and "warmup.steps":
 * a step belongs to the warm-up while its network is among that share of the run's, the first ones, and has served fewer
 * steps than that. A row may also set "augmentation", "initialisation", and "evaluation.augmentation": what networks that
 * train on S are augmented with, where nothing augmented S itself; and "realImages": real images of a step in all, where the
 * authors fix these whatever the number of classes. They are shared out over the classes, and `realBatch` is the share of ten.
 */
export interface Hyperparameters {
  /** Outer steps: updates of the synthetic set. */
  readonly steps: number;
  /** Real images drawn per class and step. */
  readonly realBatch: number;
  /** Learning rate of the synthetic images. */
  readonly imageLearningRate: number;
  /** Momentum of the synthetic images' SGD; β₁ of Adam. */
  readonly imageMomentum: number;
  readonly [path: string]: OptionValue;
}

/** The runs that a row applies to; any where a trait is left out. */
export interface When {
  /** Names of known datasets. */
  readonly dataset?: readonly string[];
  /** Channels of an image; features of a row of a table. */
  readonly channels?: number;
  /** The longer side of an image, in pixels. */
  readonly side?: number;
  /** The number of classes. */
  readonly classes?: number;
  /** Images per class: a number, or the least and the most. */
  readonly ipc?: number | readonly [least: number, most: number];
}

/** A row of the authors' own hyperparameters: all of them, from one place. */
export interface AuthorsRow {
  readonly when: When;
  readonly set: Hyperparameters;
  /** The place where the authors give them. */
  readonly source: string;
}

/** A row of hyperparameters for some minutes on two cores: all of them, and how they were chosen. */
export interface LaptopRow {
  readonly when: When;
  readonly set: Hyperparameters;
  readonly chosen: Chosen;
}

/** The way in which hyperparameters were chosen; "not recorded" where nobody wrote it down. */
export interface Chosen {
  /** The command that compared them with others. */
  readonly command: string;
  /** The images on which they were compared. */
  readonly split: string;
  /** The commit that was checked out. */
  readonly commit: string;
}
