import type { Tensor } from "../engine/index.ts";

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** All that a run is at a step boundary; everything else is a function of the configuration and the step. */
export interface State {
  /** Steps taken. */
  readonly step: number;
  /** What is learned: "images" [classes · ipc, C, H, W], class-major, and whatever else the data space has. */
  readonly variables: Tensors;
  /** What the update rule keeps of them, e.g. momentum. */
  readonly update: Tensors;
  /** What the source of hypotheses keeps: networks under training with their optimizer's state. */
  readonly hypotheses: Tensors;
  /** What the choice of real images keeps. */
  readonly proxy: Tensors;
  /** Samples at a time on the real side, by kind of sum: part of the state because rounding depends on it. */
  readonly chunks: Readonly<Record<string, number>>;
  /** Largest loss of the first steps, 0 before them: what the divergence guard holds later losses against. */
  readonly earlyLoss: number;
  /** Largest minus smallest value of the variables at the start: what the guard holds later values against. */
  readonly spread: number;
}
