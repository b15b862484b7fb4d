import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/** Mean over k×k tiles (stride k); rows and columns that do not fill a tile are dropped, as PyTorch does. */
export function averagePool(x: Traced, k = 2): Traced {
  return lax.reduceWindow(x, np.sum as (x: Traced) => Traced, [k, k], [k, k]).mul(1 / (k * k));
}

/** Maximum over k×k tiles. */
export function maxPool(x: Traced, k = 2): Traced {
  return lax.reduceWindow(x, np.max as (x: Traced) => Traced, [k, k], [k, k]);
}
