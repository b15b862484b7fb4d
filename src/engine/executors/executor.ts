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
  /** Does as {@link Program.sum}, with the results of every job kept apart, in order. */
  map?(
    inputs: readonly Tensor[],
    positions: readonly number[],
    jobs: readonly (readonly Tensor[])[],
  ): Promise<Tensor[][]>;
  /**
   * Does as {@link Program.map}, where some inputs of a job are sums that another program makes for it. Executors with
   * several workers do all of a job in one of them, which the sums never leave.
   */
  mapAfterSums?(
    inputs: readonly Tensor[],
    positions: readonly number[],
    jobs: readonly (readonly Tensor[])[],
    before: SumsBefore,
  ): Promise<Tensor[][]>;
  /** Frees what it loaded; a promise resolves when its sessions are closed. */
  dispose(): void | Promise<void>;
}

/** Sums that enter a job: the results of a program of the same executor, added up over the runs that belong to the job. */
export interface SumsBefore {
  readonly program: Program;
  readonly inputs: readonly Tensor[];
  readonly positions: readonly number[];
  /** The inputs that replace those at `positions`, by job and run. */
  readonly runs: readonly (readonly (readonly Tensor[])[])[];
  /** Inputs of the job that the results enter as, in their order. */
  readonly into: readonly number[];
}

/** The number of samples that a device takes at a time. */
export interface SampleSizes {
  /** Samples in one chunk of a sum; by the rule for CPUs, of the sum's size, where left out. */
  readonly chunk?: number;
  /** Samples in one part of a sum inside one program. */
  readonly part: number;
  /** Samples in one job of a map. */
  readonly job: number;
}

/** A CPU: activations of a few images stay in a core's cache, larger chunks waste less on packing. */
export const cacheSized: SampleSizes = { part: 8, job: 16 };

/** A graphics card: every operator costs a launch, and hundreds of images fill it. */
export const cardSized: SampleSizes = { chunk: 512, part: 512, job: 512 };

/** An executor: loads traced functions and runs them. */
export interface Executor {
  readonly name: string;
  /** CPU threads in all; the machine's where left out. */
  readonly threads?: number;
  /** {@link cacheSized} where left out. */
  readonly sizes?: SampleSizes;
  load(traceable: Traceable): Promise<Program>;
  /** The number of sessions that its programs hold open; none where left out. */
  sessions?(): number;
  /** Does what its threads do before their first program, so that a first program does not wait for it. */
  warm?(): Promise<void>;
  /** Ends its threads, for good. */
  end?(): Promise<void>;
}
