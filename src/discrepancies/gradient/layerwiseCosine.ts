import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { pairs } from "./pairs.ts";

/**
 * The field's layer-wise distance of two gradients: Σ over layers and output units of 1 − ⟨a, b⟩ / (‖a‖ ‖b‖ + 1e-6), a unit
 * being one entry of a weight's first axis; tensors of one dimension are left out. Consumes both trees.
 *
 * Source: Zhao, Mopuri and Bilen (2021), gradient matching loss (§5.1.4).
 */
export function layerwiseCosine(synthetic: TracedParams, real: TracedParams): Traced {
  return pairs(synthetic, real, (tensor) => tensor.ndim > 1)
    .map(([a, b]) => unitwise(a, b))
    .reduce((total, part) => total.add(part), np.zeros([]));
}

function unitwise(a: Traced, b: Traced): Traced {
  const units = a.shape[0]!;
  const x = a.reshape([units, -1]);
  const y = b.reshape([units, -1]);
  const dot = np.sum(x.ref.mul(y.ref), 1);
  const squares = np.sum(x.ref.mul(x), 1).mul(np.sum(y.ref.mul(y), 1));
  return np.sum(np.subtract(1, dot.div(safeRoot(squares).add(1e-6))));
}

/** √x for x ≥ 0 whose derivative at 0 is 0: a unit without gradient must not make the whole distance's derivative NaN. */
export function safeRoot(x: Traced): Traced {
  return np.sqrt(np.maximum(x, 1e-30));
}
