import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type SampleSum, sumOverSamples } from "../../engine/index.ts";
import { type Network, type Params, perNetwork, type TracedParams } from "../../hypotheses/index.ts";
import { asImages, type BlockMeans, blockMeans, type Sampled } from "../measures/index.ts";

type Samples = { images: Traced; weights: Traced };

const sums = perNetwork<SampleSum<TracedParams, Samples, Traced>>();

/** E_μ ψ_θ(x): the mean embedding of a sample of a measure, [features]. */
export function meanFeatures(
  network: Network,
  params: Params,
  sample: Sampled,
  signal?: AbortSignal,
): Promise<BlockMeans> {
  const weighted = (p: TracedParams, { images, weights }: Samples): Traced =>
    np.matmul(weights.reshape([1, weights.shape[0]!]), network.embed(p, images)).reshape([network.features]);
  const name = `weighted embeddings of ${network.spec.name}`;
  const sum = sums(network, "", () => sumOverSamples(weighted, { name }));
  const images = asImages(sample.measure);
  return blockMeans((weights, rows) => sum(params, { images: rows(images), weights }, 16), sample, signal);
}
