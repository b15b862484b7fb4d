import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../src/hypotheses/index.ts";

/**
 * Σ over layers and output units of 1 − ⟨a, b⟩ / (‖a‖ ‖b‖ + 1e-6); tensors of one dimension are left out. Consumes both
 * trees. Source: Zhao, Mopuri and Bilen 2021, gradient matching loss.
 */
export function layerwiseCosine(synthetic: TracedParams, real: TracedParams): Traced {
  let total = np.zeros([]);
  for (const [layer, tensors] of Object.entries(synthetic))
    for (const [name, a] of Object.entries(tensors)) {
      const b = real[layer]![name]!;
      if (a.ndim < 2) {
        a.dispose();
        b.dispose();
      } else total = total.add(unitwise(a, b));
    }
  return total;
}

function unitwise(a: Traced, b: Traced): Traced {
  const units = a.shape[0]!;
  const x = a.reshape([units, -1]);
  const y = b.reshape([units, -1]);
  const dot = np.sum(x.ref.mul(y.ref), 1);
  const squares = np.sum(x.ref.mul(x), 1).mul(np.sum(y.ref.mul(y), 1));
  return np.sum(np.subtract(1, dot.div(np.sqrt(squares).add(1e-6))));
}
