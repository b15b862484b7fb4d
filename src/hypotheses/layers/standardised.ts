import { numpy as np, type Array as Traced } from "@jax-js/jax";

/** Added to every variance. */
export const epsilon = 1e-5;

/** x − mean and 1/√(variance + `under`) over `axes` of `count` elements in all, axes kept; the variance is the biased one. */
export function standardised(
  x: Traced,
  axes: number[],
  count: number,
  under = epsilon,
): { centred: Traced; scale: Traced } {
  const mean = np.sum(x.ref, axes, { keepdims: true }).mul(1 / count);
  const centred = x.sub(mean);
  const variance = np.sum(np.square(centred.ref), axes, { keepdims: true }).mul(1 / count);
  return { centred, scale: np.reciprocal(np.sqrt(variance.add(under))) };
}

/**
 * w·p standardised over the P columns p of every image, times `gain`, plus `offset`: columns [n, k, P], weights [1, C, k], gain
 * and offset [1, C, 1] → [n, C, P]. All arrays are consumed.
 *
 * The moments of w·p are those of p, w·mean and wᵀ·covariance·w, which cost k² where writing and reading C rows would
 * cost C; what is left to do with rows of P is one product of [C, k + 1] by [k + 1, P], and one each for the derivatives.
 */
export function standardisedProduct(
  columns: Traced,
  { weight, gain, offset }: { readonly weight: Traced; readonly gain: Traced; readonly offset: Traced },
): Traced {
  const [n, , count] = columns.shape as [number, number, number];
  const mean = np.sum(columns.ref, 2, { keepdims: true }).mul(1 / count);
  const centred = columns.sub(mean);
  const covariance = np.matmul(centred.ref, centred.ref.transpose([0, 2, 1])).mul(1 / count);
  const variance = np.sum(np.matmul(weight.ref, covariance).mul(weight.ref), 2, { keepdims: true });
  // Rounding may leave less than nothing of a variance that is small beside those it is made of.
  const scale = np.reciprocal(np.sqrt(np.maximum(variance, 0).add(epsilon))).mul(gain);
  const factors = np.concatenate([weight.mul(scale), np.broadcastTo(offset, [n, offset.shape[1]!, 1])], 2);
  return np.matmul(factors, np.concatenate([centred, np.ones([n, 1, count])], 1));
}
