import type { Tensor } from "../tensor.ts";

/** A function to be prepared for execution, with example arguments that fix every shape and type. */
export interface Traceable {
  readonly name: string;
  readonly fn: (...args: never[]) => unknown;
  /** jax-js tree definition of the argument list. */
  readonly structure: unknown;
  readonly examples: readonly Tensor[];
}

/** A function prepared for one set of shapes. */
export interface Program {
  /** jax-js tree definition of the result. */
  readonly outputs: unknown;
  run(inputs: readonly Tensor[]): Promise<Tensor[]>;
  /**
   * Runs once per job, where a job replaces the inputs at `positions`, and adds the outputs up in the order of the jobs.
   * Executors with several workers share the jobs out in contiguous runs; the result does not depend on timing.
   */
  sum?(
    inputs: readonly Tensor[],
    positions: readonly number[],
    jobs: readonly (readonly Tensor[])[],
  ): Promise<Tensor[]>;
  /** As {@link Program.sum}, with the results of every job kept apart, in order. */
  map?(
    inputs: readonly Tensor[],
    positions: readonly number[],
    jobs: readonly (readonly Tensor[])[],
  ): Promise<Tensor[][]>;
  dispose(): void;
}

/** Where compiled functions run. */
export interface Executor {
  readonly name: string;
  load(traceable: Traceable): Promise<Program>;
}
