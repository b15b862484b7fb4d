import type { Fitted, OptimizerState, Params } from "../../hypotheses/index.ts";

/** All that the next step of a training depends on: both players with their optimizers, and the running mean. */
export type GeneratorState = {
  /** All of the generator's parameters but its prior. */
  params: Params;
  /** Of the parameters that learn. */
  optimizer: OptimizerState;
  averaged?: Params;
  critic?: Fitted;
};

/** A training under way: steps taken, of all stages. */
export interface GeneratorProgress {
  readonly step: number;
  readonly state: GeneratorState;
}

/** The parameters that a state comes to: the running mean where there is one. */
export const publishedOf = ({ params, averaged }: GeneratorState): Params => averaged ?? params;
