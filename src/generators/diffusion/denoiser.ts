import type { Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import type { InitialTable } from "../../hypotheses/layers/stage.ts";

/** A model of the noise in a latent, given its time and a condition. */
export interface Denoiser {
  readonly parameters: InitialTable;
  /** Length of a condition. */
  readonly condition: number;
  /** [n, …], times [n] and conditions [n, condition] → the noise [n, …]. Consumes what it is given, parameters as well. */
  apply(params: TracedParams, z: Traced, times: Traced, condition: Traced): Traced;
}
