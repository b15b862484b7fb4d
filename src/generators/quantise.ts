import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/** Codes held against a codebook. */
export interface Quantised {
  /** The nearest entry of each code, [rows, D]; its gradient goes to the codebook. */
  readonly entries: Traced;
  /** The choice, one-hot [rows, K], without gradient; equal shares where entries are equally near. */
  readonly choice: Traced;
}

/**
 * The nearest entry of a codebook, ‖z‖² − 2 z·e + ‖e‖² (van den Oord et al. 2017): codes [rows, D], codebook [K, D]. Consumes both.
 */
export function nearestEntries(codes: Traced, codebook: Traced): Quantised {
  const z = lax.stopGradient(codes);
  const e = lax.stopGradient(codebook.ref);
  const products = lax.dot(z.ref, e.ref, { lhsContractingDims: [1], rhsContractingDims: [1] });
  const distances = np
    .sum(np.square(z), 1, { keepdims: true })
    .sub(products.mul(2))
    .add(np.sum(np.square(e), 1).reshape([1, -1]));
  const least = np.min(distances.ref, 1, { keepdims: true });
  const nearest = np.lessEqual(distances, least).astype(np.float32);
  const choice = nearest.ref.div(np.sum(nearest, 1, { keepdims: true }));
  return { entries: np.matmul(choice.ref, codebook), choice };
}

/** The entries, with the gradient handed to the codes as it is: z + sg(e − z). Consumes both. */
export const straightThrough = (codes: Traced, entries: Traced): Traced =>
  codes.ref.add(lax.stopGradient(entries.sub(codes)));
