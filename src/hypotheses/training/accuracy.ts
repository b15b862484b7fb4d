import type { Array as Traced } from "@jax-js/jax";
import { numpy as np } from "@jax-js/jax";
import { type SampleSum, sumOverSamples, type Tensor } from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";

type Counts = SampleSum<TracedParams, { images: Traced; targets: Traced }, Traced>;
const counters = new WeakMap<Network, Counts>();

/**
 * Share of images whose largest logit is at the target.
 *
 * @param batches images [n, C, H, W] and one-hot targets [n, classes].
 */
export async function accuracy(
  network: Network,
  params: Params,
  batches: Iterable<{ images: Tensor; targets: Tensor }> | AsyncIterable<{ images: Tensor; targets: Tensor }>,
): Promise<number> {
  let count = counters.get(network);
  if (!count) {
    count = sumOverSamples(
      (p: TracedParams, s: { images: Traced; targets: Traced }) => {
        const logits = network.logits(p, s.images);
        const best = np.max(logits.ref, 1, { keepdims: true });
        const hit = np.max(np.where(np.lessEqual(best, logits), s.targets, 0), 1);
        return np.sum(hit);
      },
      { name: `accuracy of ${network.spec.name}` },
    ) as Counts;
    counters.set(network, count);
  }
  let right = 0;
  let total = 0;
  for await (const { images, targets } of batches) {
    right += ((await count(params as never, { images, targets } as never)) as Tensor).item();
    total += images.shape[0]!;
  }
  return right / total;
}
