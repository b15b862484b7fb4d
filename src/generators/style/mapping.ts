import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { leaky } from "../bodies/leaky.ts";
import { scaledLinear } from "./synthesis.ts";

/** Factor on the rate of the mapping: its stored weights are as much larger than those that act. */
export const mappingRate = 0.01;

/** Rows of mean square 1. Consumes them. */
export const normalisedRows = (x: Traced): Traced =>
  x.ref.mul(np.reciprocal(np.sqrt(np.mean(np.square(x), -1, { keepdims: true }).add(1e-8))));

/**
 * The style of codes [n, m] and labels [n, K]: both normalised, the label through its embedding, joined and led through two layers with
 * leaky rectifiers times √2 (Karras et al. 2020). Consumes all.
 */
export function mapping(params: TracedParams, z: Traced, labels: Traced): Traced {
  const embedded = normalisedRows(scaledLinear(labels, params.embed!));
  const joined = np.concatenate([normalisedRows(z), embedded], 1);
  return ["mapping1", "mapping2"].reduce(
    (x, layer) => leaky(scaledLinear(x, params[layer]!, mappingRate)).mul(Math.SQRT2),
    joined,
  );
}

/** Layers of the mapping and the shapes of their tensors. */
export const mappingShapes = (m: number, classes: number) => ({
  embed: { weight: [m, classes], bias: [m] },
  mapping1: { weight: [m, 2 * m], bias: [m] },
  mapping2: { weight: [m, m], bias: [m] },
});
