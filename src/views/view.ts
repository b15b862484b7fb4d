import type { Array as Traced } from "@jax-js/jax";
import type { Cited, OptionRules, Resolved, Serving } from "../engine/index.ts";
import type { Network, TracedParams } from "../hypotheses/index.ts";

/** Values by name, one entry a layer or a part: [n, k] each for n samples, [k] each for their mean. */
export type Features = { [name: string]: Traced };

/** The yield of a view: values of every sample, or the gradient of a loss, which is a value of all samples together. */
export type Yields = "samples" | "gradient";

/**
 * A view of a labelled set through a hypothesis, which is compared with the same view of another set. Loops read the traits
 * and call what `make` returns inside a trace; both functions consume what they are given.
 */
export interface View<Y extends Yields = Yields, R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly yields: Y;
  /** One line for tables. */
  readonly title: string;
  /** Section of the paper. */
  readonly reference: string;
  /** True where it looks through a network. A view of raw input does not, and needs no hypothesis. */
  readonly needsNetwork: boolean;
  /** True where it yields `<layer>/mean` and `<layer>/square` of every channel. */
  readonly channelMoments?: boolean;
  readonly options: R;
  make(options: Resolved<R>): Y extends "samples" ? SampleValues : LossGradient;
}

/** Declares a view: `make` sees the values that its rules allow, by their types. */
export const declareView = <const Y extends Yields, const R extends OptionRules>(view: View<Y, R>): View<Y, R> => view;

/** Values of every sample: images [n, C, H, W] → one or more [n, k]. Their sums over samples are added up in chunks. */
export type SampleValues = (network: Network, params: TracedParams, images: Traced) => Features;

/**
 * Gradient of the *sum* of losses over samples, laid out as the parameters: images [n, C, H, W], targets [n, classes]. A
 * sum, so that chunks add up and one sample's is its own; differentiable in the images.
 */
export type LossGradient = (network: Network, params: TracedParams, images: Traced, targets: Traced) => TracedParams;
