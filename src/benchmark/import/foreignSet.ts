import type { Dataset } from "../../data/dataset.ts";

/** A set as authors publish it: whole images, in whatever units theirs are. */
export interface ForeignSet {
  /** [n, channels, height, width]. */
  readonly images: Float32Array;
  /** The class of each image; of soft labels the largest. */
  readonly labels: Int32Array;
  /** [n, classes], where labels are soft. */
  readonly softLabels?: Float32Array;
  /** What soft labels are for where they are values and no probabilities. */
  readonly loss?: "squared-error";
  /** A learning rate that comes with it. */
  readonly learningRate?: number;
  /** Floats that the images were decoded from, where they were. */
  readonly storedFloats?: number;
  /** What was done to it on the way, a sentence each. */
  readonly notes: readonly string[];
}

/** What of the dataset decides how a file is read. */
export type Facts = Pick<Dataset, "name" | "shape" | "classes">;

/** The units that images can be in. */
export const spaces = ["normalised", "pixels", "zca"] as const;
export type Space = (typeof spaces)[number];
