import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Tensor } from "../../engine/index.ts";
import { crossEntropy } from "../crossEntropy.ts";
import type { Network, TracedParams } from "../network.ts";

/** Arrays by name. */
export type NamedTraced = { [name: string]: Traced };
export type NamedTensors = { readonly [name: string]: Tensor };

/** A part of the synthetic set while traced. */
export interface TracedSamples {
  /** [n, …]. */
  readonly images: Traced;
  /** [n, K]. */
  readonly labels: Traced;
  /** The draws of a step for each sample, [n, …] each: parameters of an augmentation, for example. No gradient goes there. */
  readonly each: NamedTraced;
}

/**
 * The inner problem's loss: Σ over the samples of ℓ(θ; x, y), a scalar; the solvers divide by the number of samples in the
 * step. A sum over samples it must be: they evaluate it in parts. `common` is what a step draws for all of them. Consumes
 * everything it is given.
 */
export type InnerLoss = (params: TracedParams, samples: TracedSamples, common: NamedTraced) => Traced;

/** Applied to images, or to labels, before the loss: an augmentation, a softmax over learned logits. */
export interface InnerLossOptions {
  readonly images?: (images: Traced, each: NamedTraced, common: NamedTraced) => Traced;
  readonly labels?: (labels: Traced) => Traced;
}

/** Cross-entropy against soft labels: Σᵢ −Σₖ yᵢₖ log softmax(h(xᵢ))ₖ. */
export function crossEntropyOf(network: Network, options: InnerLossOptions = {}): InnerLoss {
  return throughNetwork(network, options, crossEntropy);
}

/** Half the squared error: Σᵢ ½ ‖h(xᵢ) − yᵢ‖². */
export function squaredErrorOf(network: Network, options: InnerLossOptions = {}): InnerLoss {
  return throughNetwork(network, options, (logits, labels) => np.sum(np.square(logits.sub(labels))).mul(0.5));
}

function throughNetwork(
  network: Network,
  { images: seen = (images) => images, labels: read = (labels) => labels }: InnerLossOptions,
  loss: (logits: Traced, labels: Traced) => Traced,
): InnerLoss {
  return (params, { images, labels, each }, common) =>
    loss(network.logits(params, seen(images, each, common)), read(labels));
}
