import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Network, TracedParams } from "../hypotheses/index.ts";
import { declareView } from "./view.ts";

/** ψ(x), the input of the last linear layer. */
export const embedding = declareView({
  yields: "samples",
  title: "embedding ψ(x), the input of the last layer",
  reference: "§5.1.4",
  needsNetwork: true,
  options: {},
  make: () => (network, params, images) => ({ embedding: network.embed(params, images) }),
});

/**
 * The view ψ̄: per-class sums of embeddings, a statistic (a sum over samples). Σ_i 1[y_i = c] ψ(x_i) for every class c as
 * one product of the one-hot targets with the embeddings.
 *
 * Shapes: images [n, C, H, W], targets [n, classes] → [classes, features].
 */
export function embeddingSums(network: Network) {
  return (params: TracedParams, samples: { images: Traced; targets: Traced }): Traced =>
    np.matmul(samples.targets.transpose(), network.embed(params, samples.images));
}

/** Mean embedding of one group: [1, n, C, H, W] → [features]. */
export function meanEmbedding(network: Network, params: TracedParams, images: Traced): Traced {
  const [, n, c, h, w] = images.shape as [number, number, number, number, number];
  return np.sum(network.embed(params, images.reshape([n, c, h, w])), 0).mul(1 / n);
}
