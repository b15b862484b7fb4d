import type { Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";

/** Tensors of two gradients of one network side by side, those that `wanted` takes; the others are released. */
export function pairs(
  a: TracedParams,
  b: TracedParams,
  wanted: (tensor: Traced, layer: string) => boolean = () => true,
): [Traced, Traced][] {
  const kept: [Traced, Traced][] = [];
  for (const [layer, tensors] of Object.entries(a))
    for (const [name, x] of Object.entries(tensors)) {
      const y = b[layer]![name]!;
      if (wanted(x, layer)) kept.push([x, y]);
      else {
        x.dispose();
        y.dispose();
      }
    }
  return kept;
}
