import type { Array as Traced } from "@jax-js/jax";
import { mapSamples, type SampleMap, type Tensor } from "../../engine/index.ts";
import { type Network, type Params, perNetwork, type TracedParams } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asImages } from "../measures/index.ts";

/** A function h_θ: a network with its parameters. */
export interface Hypothesis {
  readonly network: Network;
  readonly params: Params;
}

type Map = SampleMap<TracedParams, Traced, Traced>;
const maps = perNetwork<Map>();

/** h(x) for every point of a measure: logits, [n, classes]. */
export function outputs({ network, params }: Hypothesis, measure: EmpiricalMeasure): Promise<Tensor> {
  const map = maps(network, "outputs", () => mapSamples(network.logits, `outputs of ${network.spec.name}`));
  return map(params, asImages(measure));
}

/** ψ(x), the features before the last linear layer, for every point of a measure: [n, features]. */
export function features({ network, params }: Hypothesis, measure: EmpiricalMeasure): Promise<Tensor> {
  const map = maps(network, "features", () => mapSamples(network.embed, `features of ${network.spec.name}`));
  return map(params, asImages(measure));
}
