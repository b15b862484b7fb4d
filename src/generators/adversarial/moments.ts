import type { Tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../../hypotheses/index.ts";
import type { InitialTable } from "../../hypotheses/layers/stage.ts";

/**
 * Running moments of a generator's batch normalisation, kept among its parameters as layers of their own: the rows of one batch are
 * normalised by its own moments while it learns, by the running ones when it decodes, so that each sample is decoded by itself.
 */
const suffix = "Moments";

const layerOf = (name: string) => name.slice(0, -suffix.length);
const isMoments = (name: string) => name.endsWith(suffix);

/** The layers of running moments of a table of statistics. */
export const momentLayers = (statistics: InitialTable): InitialTable =>
  Object.fromEntries(Object.entries(statistics).map(([layer, own]) => [`${layer}${suffix}`, own]));

/** Parameters without moments, and the moments by the layer that they are of. */
export function split(params: TracedParams): { weights: TracedParams; statistics: TracedParams } {
  const weights: TracedParams = {};
  const statistics: TracedParams = {};
  for (const [name, own] of Object.entries(params))
    if (isMoments(name)) statistics[layerOf(name)] = own;
    else weights[name] = own;
  return { weights, statistics };
}

/** Moments as entries beside a loss. */
export const besideOf = (updated: TracedParams): TracedParams[string] =>
  Object.fromEntries(
    Object.entries(updated).flatMap(([layer, own]) =>
      Object.entries(own).map(([name, value]) => [`${layer}${suffix}.${name}`, value]),
    ),
  );

/** Parameters with the moments that a loss returned beside. */
export function withMoments(params: Params, beside: Readonly<Record<string, Tensor>>): Params {
  const next = { ...params };
  for (const [path, value] of Object.entries(beside)) {
    const [layer, name] = path.split(".");
    if (name !== undefined && isMoments(layer!)) next[layer!] = { ...next[layer!], [name]: value };
  }
  return next;
}
