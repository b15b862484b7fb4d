import { numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * Moments of every column of [n, d], for methods that match them: row 0 the mean, row k − 1 the central moment of order k
 * (row 1 the variance, divided by n). [order, d]. Consumes `x`.
 */
export function centralMoments(x: Traced, order: number): Traced {
  const [n, d] = x.shape as [number, number];
  const mean = np.sum(x.ref, 0).mul(1 / n);
  const centred = x.sub(mean.ref.reshape([1, d]));
  const rows = [mean];
  let power = centred.ref;
  for (let k = 2; k <= order; k++) {
    power = power.mul(centred.ref);
    rows.push(np.sum(power.ref, 0).mul(1 / n));
  }
  power.dispose();
  centred.dispose();
  return np.stack(rows);
}

/** Covariance of the columns of [n, d], divided by n: [d, d]. Consumes `x`. */
export function covariance(x: Traced): Traced {
  const [n, d] = x.shape as [number, number];
  const centred = x.ref.sub(
    np
      .sum(x, 0)
      .mul(1 / n)
      .reshape([1, d]),
  );
  return np.matmul(centred.ref.transpose(), centred).mul(1 / n);
}
