import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { gradientOf, type SampleSum, sumOverSamples } from "../../engine/index.ts";
import {
  crossEntropies,
  type Network,
  oneHot,
  type Params,
  perNetwork,
  type TracedParams,
} from "../../hypotheses/index.ts";
import { asImages, type BlockMeans, blockMeans, type Sampled } from "../measures/index.ts";

type Samples = { images: Traced; targets: Traced; weights: Traced };

const sums = perNetwork<SampleSum<TracedParams, Samples, TracedParams>>();

/**
 * ∇_θ φ(h_θ, μ), φ the mean cross-entropy: one long vector, tensors in the order of the network's parameters. A
 * proper sample costs the memory of eight networks, a block each.
 */
export function meanGradient(
  network: Network,
  params: Params,
  sample: Sampled,
  signal?: AbortSignal,
): Promise<BlockMeans> {
  const sum = sums(network, "", () => gradientSum(network));
  const { measure } = sample;
  const [images, targets] = [asImages(measure), oneHot(measure.labels, network.classes)];
  return blockMeans(
    (weights, rows) => sum(params, { images: rows(images), targets: rows(targets), weights }, 16),
    sample,
    signal,
  );
}

function gradientSum(network: Network): SampleSum<TracedParams, Samples, TracedParams> {
  const gradient = (params: TracedParams, { images, targets, weights }: Samples): TracedParams => {
    const loss = (p: TracedParams) => np.sum(crossEntropies(network.logits(p, images), targets).mul(weights));
    return gradientOf(loss)(params);
  };
  return sumOverSamples(gradient, { name: `weighted loss gradient of ${network.spec.name}` });
}
