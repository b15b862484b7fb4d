import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { pairs } from "./pairs.ts";

/** ‖a − b‖² over all entries of two gradients, tensors of one dimension included (§5.1.4). Consumes both trees. */
export function squaredGradientDifference(synthetic: TracedParams, real: TracedParams): Traced {
  return pairs(synthetic, real)
    .map(([a, b]) => np.sum(np.square(a.sub(b))))
    .reduce((total, part) => total.add(part), np.zeros([]));
}
