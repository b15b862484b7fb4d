import type { Array as Traced } from "@jax-js/jax";
import type { RandomKey, Tensor } from "../engine/index.ts";

/** Parameters on the host: layer name → tensor name → values. */
export type Params = { [layer: string]: { [name: string]: Tensor } };
/** The same tree while traced. */
export type TracedParams = { [layer: string]: { [name: string]: Traced } };

/** The same tree without values. */
export type ShapeTable = {
  readonly [layer: string]: { readonly [name: string]: { readonly shape: readonly number[] } };
};

/** A network by name and options: what configurations, checkpoints and results store. JSON-serialisable. */
export interface NetworkSpec {
  readonly name: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A hypothesis h = head ∘ embed for one input shape and number of classes. Pure: parameters are explicit.
 * Inside a trace, `embed`, `head` and `logits` consume what they are given (jax-js ownership), parameters included.
 */
export interface Network {
  readonly spec: NetworkSpec;
  /** [channels, height, width]. */
  readonly input: readonly [number, number, number];
  readonly classes: number;
  /** Length of the embedding ψ(x), the input of the last linear layer. */
  readonly features: number;
  /** The shape of each parameter, by layer and name. */
  readonly shapes: ShapeTable;
  /** Fresh parameters, distributed as the field's reference code initialises them. */
  init(key: RandomKey): Params;
  /** ψ: [n, C, H, W] → [n, features]. */
  embed(params: TracedParams, images: Traced): Traced;
  /** Logits: [n, C, H, W] → [n, classes]. */
  logits(params: TracedParams, images: Traced): Traced;
  /** The values of every activation on the way to ψ, in order, before pooling: [n, C, H, W], or [n, k] of linear layers. */
  activations(params: TracedParams, images: Traced): Traced[];
  /** Running statistics of batch-normalising layers; absent where the network keeps none. */
  readonly statistics?: BatchStatistics;
}

/**
 * The statistics that a network with batch normalisation keeps beside its parameters: running moments of its activations.
 * Its `embed` and `logits` use the moments of the batch they are given.
 */
export interface BatchStatistics {
  /** Means 0, variances 1. */
  init(): Params;
  /** Logits under the batch's own moments, and the running ones as they are after this batch. */
  train(params: TracedParams, statistics: TracedParams, images: Traced): { logits: Traced; statistics: TracedParams };
  /** Logits under the running moments: evaluation. */
  evaluate(params: TracedParams, statistics: TracedParams, images: Traced): Traced;
}
