import type { Array as Traced } from "@jax-js/jax";
import type { RandomKey, Tensor } from "../engine/index.ts";

/** Parameters on the host: layer name → tensor name → values. */
export type Params = { [layer: string]: { [name: string]: Tensor } };
/** The same tree while traced. */
export type TracedParams = { [layer: string]: { [name: string]: Traced } };

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
  /** Multiply-adds of convolutions and linear layers for one image, forward. */
  readonly multiplyAdds: number;
  /** Fresh parameters, distributed as the field's reference code initialises them. */
  init(key: RandomKey): Params;
  /** ψ: [n, C, H, W] → [n, features]. */
  embed(params: TracedParams, images: Traced): Traced;
  /** Logits: [n, C, H, W] → [n, classes]. */
  logits(params: TracedParams, images: Traced): Traced;
}
