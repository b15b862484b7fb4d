import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, Tensor, zeros } from "../../../engine/index.ts";
import type { Params, TracedParams } from "../../../hypotheses/index.ts";

/**
 * A critic h: R^d → R of Lipschitz constant 1 in the Euclidean norm by construction: three linear layers with orthonormal
 * rows or columns, and MaxMin between them, which sorts pairs (Anil, Lucas and Grosse 2019). Such a network keeps the norm
 * of its gradients, so it can come near a Kantorovich potential; spectral normalisation with ReLU loses norm at every
 * layer, and a gradient penalty proves no constant at all.
 *
 * @param rounds of orthonormalisation of the weights; 0 where they are orthonormal already.
 * Shapes: points [n, d] → [n]. Consumes its arrays.
 */
export function critic(params: TracedParams, points: Traced, rounds: number): Traced {
  const weight = (layer: string) => orthonormal(params[layer]!.weight!, rounds);
  const h = maxMin(linear(points, weight("first")).add(params.first!.bias!));
  const g = maxMin(linear(h, weight("second")).add(params.second!.bias!));
  return linear(g, weight("last")).reshape([-1]);
}

const linear = (x: Traced, weight: Traced): Traced => np.matmul(x, weight.transpose());

/** Maxima of neighbouring pairs, then their minima: [n, w] → [n, w]. */
function maxMin(h: Traced): Traced {
  const [n, width] = h.shape as [number, number];
  const pairs = h.reshape([n, width / 2, 2]);
  return np.concatenate([np.max(pairs.ref, 2), np.min(pairs, 2)], 1);
}

/** Rounds of Björck's iteration W ← 3/2 W − 1/2 W WᵀW, which takes all singular values below √3 to 1. Consumes W. */
export function orthonormal(weight: Traced, rounds: number): Traced {
  let w = weight;
  const [rows, columns] = w.shape as [number, number];
  for (let k = 0; k < rounds; k++) {
    const cubic =
      rows <= columns
        ? np.matmul(np.matmul(w.ref, w.ref.transpose()), w.ref)
        : np.matmul(w.ref, np.matmul(w.ref.transpose(), w.ref));
    w = w.mul(1.5).sub(cubic.mul(0.5));
  }
  return w;
}

/** W scaled so that no singular value exceeds 1, by ‖W‖₂² <= ‖WWᵀ‖∞; orthonormal weights stay. Consumes W. */
export function contracted(weight: Traced): Traced {
  const [rows, columns] = weight.shape as [number, number];
  const gram =
    rows <= columns ? np.matmul(weight.ref, weight.ref.transpose()) : np.matmul(weight.ref.transpose(), weight.ref);
  const largest = np.max(np.sum(np.abs(gram), 1));
  return weight.div(np.sqrt(np.maximum(largest, 1)));
}

/** Parameters whose singular values lie below 1; the caller makes them orthonormal. */
export function freshCritic(d: number, width: number, key: RandomKey): Params {
  const weight = (rows: number, columns: number, layer: string) => {
    const scale = 1 / (Math.sqrt(rows) + Math.sqrt(columns));
    return new Tensor(
      key
        .fold(layer)
        .normal(rows * columns)
        .map((v) => v * scale),
      [rows, columns],
      "float32",
    );
  };
  return {
    first: { weight: weight(width, d, "first"), bias: zeros([width]) },
    second: { weight: weight(width, width, "second"), bias: zeros([width]) },
    last: { weight: weight(1, width, "last") },
  };
}
