import type { Array as Traced } from "@jax-js/jax";
import type { Network, TracedParams } from "../hypotheses/index.ts";

/**
 * A view that is a mean over samples, so that its numerator is a *sum* over samples: the real side is added up in chunks
 * of any size without gradient, the synthetic side is differentiated.
 */
export interface Statistic {
  /**
   * Numerators of all classes on a chunk: images [n, C, H, W], one-hot targets [n, classes] → [classes, length]. Sums of
   * chunks add up to the sum of the whole.
   */
  classSums(network: Network): (params: TracedParams, samples: { images: Traced; targets: Traced }) => Traced;
  /** The mean of one group: [1, n, C, H, W] → [length]. */
  groupMean(network: Network, params: TracedParams, images: Traced): Traced;
  /** Length of the statistic of one class. */
  length(network: Network): number;
}
