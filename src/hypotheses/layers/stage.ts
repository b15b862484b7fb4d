import type { Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../network.ts";

/** The start of one tensor: uniform in [−bound, bound), or a constant. */
export interface Initial {
  readonly shape: readonly number[];
  readonly start: { readonly bound: number } | { readonly value: number };
}

/** Layer name → tensor name → how it starts. */
export type InitialTable = { readonly [layer: string]: { readonly [name: string]: Initial } };

/**
 * Which moments a batch-normalising layer uses: those of the batch at hand; the running ones; or those of the batch while
 * `updated` collects the running ones as they are after it. Stages without such layers ignore it.
 */
export type Pass = (
  | { readonly moments: "batch" }
  | { readonly moments: "running"; readonly statistics: TracedParams }
  | { readonly moments: "recorded"; readonly statistics: TracedParams; readonly updated: TracedParams }
) & {
  /** Collects what every activation yields, in order. */
  readonly activations?: Traced[];
};

/** A piece of a network for one input shape: the tensors it needs and a pure function of them. */
export interface Stage {
  readonly parameters: InitialTable;
  /** Running statistics it keeps beside its parameters; empty for all but batch normalisation. */
  readonly statistics: InitialTable;
  /** Shape of its result for one image, without the batch axis. */
  readonly output: readonly number[];
  /** Consumes `x` and its own entries of `params` and of the pass's statistics. */
  apply(params: TracedParams, x: Traced, pass: Pass): Traced;
}

/** A stage waiting for its input shape (one image, without the batch axis). */
export type StageMaker = (input: readonly number[]) => Stage;

/** A stage without parameters. */
export function plain(output: readonly number[], apply: (x: Traced) => Traced): Stage {
  return { parameters: {}, statistics: {}, output, apply: (_params, x) => apply(x) };
}

/** [n, C, H, W] → [n, C·H·W]. */
export const flatten: StageMaker = (input) => {
  const length = input.reduce((a, b) => a * b, 1);
  return input.length === 1 ? plain(input, (x) => x) : plain([length], (x) => x.reshape([x.shape[0]!, length]));
};
