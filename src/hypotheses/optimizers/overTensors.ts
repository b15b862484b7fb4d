import type { Array as Traced } from "@jax-js/jax";
import { zeros } from "../../engine/index.ts";
import type { Params, TracedParams } from "../network.ts";

/**
 * Applies `step` to every tensor, with the tensors of the same place in the other trees, and gathers the tensors it returns
 * into as many trees.
 */
export function overTensors<R extends readonly Traced[]>(
  trees: readonly TracedParams[],
  step: (...tensors: Traced[]) => R,
): { [K in keyof R]: TracedParams } {
  const results: TracedParams[] = [];
  for (const [layer, tensors] of Object.entries(trees[0]!)) {
    for (const name of Object.keys(tensors)) {
      step(...trees.map((t) => t[layer]![name]!)).forEach((value, k) => {
        results[k] ??= {};
        const result = results[k];
        result[layer] ??= {};
        result[layer][name] = value;
      });
    }
  }
  return results as TracedParams[] & { [K in keyof R]: TracedParams };
}

/** A tree of zeros like `params`. */
export function zerosLike(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, zeros(t.shape, t.dtype)])),
    ]),
  );
}
