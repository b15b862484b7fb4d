import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { safeRoot } from "./layerwiseCosine.ts";
import { pairs } from "./pairs.ts";

/** 1 − ⟨a, b⟩ / (‖a‖ ‖b‖ + 1e-6) of two gradients as vectors of all their entries. Consumes both trees. */
export function globalCosine(synthetic: TracedParams, real: TracedParams): Traced {
  let [dot, aa, bb] = [np.zeros([]), np.zeros([]), np.zeros([])];
  for (const [a, b] of pairs(synthetic, real)) {
    dot = dot.add(np.sum(a.ref.mul(b.ref)));
    aa = aa.add(np.sum(np.square(a)));
    bb = bb.add(np.sum(np.square(b)));
  }
  return np.subtract(1, dot.div(safeRoot(aa.mul(bb)).add(1e-6)));
}
