import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, type SampleSum, sumOverSamples, type Tensor } from "../../engine/index.ts";
import type { Network, TracedParams } from "../network.ts";
import { perNetwork } from "../perNetwork.ts";
import { oneHot } from "./oneHot.ts";
import type { Trained } from "./train.ts";

/** Images [n, C, H, W] as the network sees them (normalised), with their classes. */
export interface LabelledBatch {
  readonly images: Tensor;
  readonly labels: Int32Array;
}

type Fixed = { params: TracedParams; statistics: TracedParams };
type Samples = { images: Traced; targets: Traced };

const compiled = perNetwork<SampleSum<Fixed, Samples, Traced>>();

/**
 * Share of images whose label has the largest logit, in [0, 1]; a tie counts as wrong. Batches are read one at a time, so
 * a data set can be normalised as it goes; batch normalisation uses the running statistics.
 *
 * @throws AttarError "no-test-images" where the batches hold no image. Rejects with the signal's reason when it is aborted.
 */
export async function accuracy(
  network: Network,
  trained: Pick<Trained, "params" | "statistics">,
  batches: Iterable<LabelledBatch> | AsyncIterable<LabelledBatch>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  const sum = compiled(network, "accuracy", () => correctSum(network));
  const fixed = { params: trained.params, statistics: trained.statistics ?? {} };
  let [right, count] = [0, 0];
  for await (const { images, labels } of batches) {
    options.signal?.throwIfAborted();
    if (labels.length === 0) continue;
    right += (await sum(fixed, { images, targets: oneHot(labels, network.classes) })).item();
    count += labels.length;
  }
  if (count === 0)
    throw new AttarError(
      "no-test-images",
      "there are no images to measure accuracy on",
      "Use a data set with a test split.",
    );
  return right / count;
}

function correctSum(network: Network): SampleSum<Fixed, Samples, Traced> {
  const correct = ({ params, statistics }: Fixed, { images, targets }: Samples): Traced => {
    const logits = network.statistics
      ? network.statistics.evaluate(params, statistics, images)
      : network.logits(params, images);
    const own = np.sum(logits.ref.mul(targets.ref), 1);
    // Targets are 0 or 1: the subtraction takes the label's own logit out of the running.
    const other = np.max(logits.sub(targets.mul(1e30)), 1);
    return np.sum(np.less(other, own).astype(np.float32));
  };
  return sumOverSamples(correct, { name: `accuracy of ${network.spec.name}` });
}
