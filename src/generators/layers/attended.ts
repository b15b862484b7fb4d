import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * Attention of positions to positions: softmax over those attended to of qᵀk · scale, then the mean of v. Queries [n, d, P], keys [n, d, Q],
 * values [n, e, Q] → [n, e, P]. Consumes its arguments.
 */
export function attended(queries: Traced, keys: Traced, values: Traced, scale = 1): Traced {
  const scores = np.matmul(queries.transpose([0, 2, 1]), keys);
  const shares = nn.softmax(scale === 1 ? scores : scores.mul(scale), 2);
  return np.matmul(values, shares.transpose([0, 2, 1]));
}

/** The positions of an image as columns: [n, C, H, W] → [n, C, H · W]. */
export const columns = (x: Traced): Traced => x.reshape([x.shape[0]!, x.shape[1]!, x.shape[2]! * x.shape[3]!]);
