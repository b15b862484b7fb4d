import type { Tensor } from "../src/engine/index.ts";
import type { Params } from "../src/hypotheses/index.ts";

/** Tensors by dotted name; the part before the first dot groups what is compared as one vector. */
export type NamedTensors = { readonly [name: string]: Tensor };

/** A tree of parameters as `<prefix>.<layer>.<tensor>`, PyTorch's names behind the prefix. */
export function named(prefix: string, params: Params): NamedTensors {
  const out: { [name: string]: Tensor } = {};
  for (const [layer, tensors] of Object.entries(params))
    for (const [name, value] of Object.entries(tensors)) out[`${prefix}.${layer}.${name}`] = value;
  return out;
}
