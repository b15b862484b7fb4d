import type { Array as Traced } from "@jax-js/jax";
import type { Params, TracedParams } from "../network.ts";

/** State of an optimizer: a tree of tensors, on the host or traced. */
export type OptimizerState = { readonly [part: string]: Params };
export type TracedOptimizerState = { [part: string]: TracedParams };

/** An update rule as a pure function of trees; part of the compiled training step. */
export interface Optimizer {
  readonly name: string;
  /** State before the first step. */
  init(params: Params): OptimizerState;
  /** One step. Consumes everything it is given; `rate` is a scalar. */
  update(
    params: TracedParams,
    gradient: TracedParams,
    state: TracedOptimizerState,
    rate: Traced,
  ): { params: TracedParams; state: TracedOptimizerState };
}
