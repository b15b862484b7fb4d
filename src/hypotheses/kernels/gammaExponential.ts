import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, type Tensor, tensor } from "../../engine/index.ts";
import { flatPoints, type Kernel, type Rows } from "./kernel.ts";

/** Squared distances below this share of ‖x‖² + ‖y‖² are rounding of the product they are computed by. */
const rounding = 1e-6;

/**
 * The γ-exponential kernel k(x, y) = exp(−c‖x − y‖^γ) (§2): Laplacian for γ = 1, Gaussian for γ = 2. Characteristic, and
 * universal on compact sets, for every γ in (0, 2].
 *
 * @throws AttarError "invalid-kernel" for γ outside (0, 2] or c not positive and finite.
 */
export function exponentialKernel(gamma: number, c: number): Kernel<{ readonly c: Tensor }> {
  if (!(gamma > 0 && gamma <= 2))
    throw new AttarError(
      "invalid-kernel",
      `the γ-exponential kernel needs 0 < gamma <= 2, got ${gamma}`,
      "gamma=2 is the Gaussian kernel, gamma=1 the Laplacian.",
    );
  if (!(c > 0 && Number.isFinite(c)))
    throw new AttarError(
      "invalid-kernel",
      `the γ-exponential kernel needs a finite c > 0, got ${c}`,
      "Leave c out for the median heuristic.",
    );
  return {
    name: `exponential kernel, gamma ${gamma}`,
    parameters: { c: tensor(c) },
    translationInvariant: true,
    matrix(parameters, x, y) {
      const { c } = parameters as { c: Traced };
      const [a, b] = [flatPoints(x), flatPoints(y)];
      return gamma === 2 ? gaussian(a, b, c) : np.exp(distancePower(a, b, gamma).mul(c.neg()));
    },
    diagonal(parameters, x) {
      (parameters as { c: Traced }).c.dispose();
      const n = x.shape[0]!;
      x.dispose();
      return np.ones([n]);
    },
    exact: (x, y) => exponential64(x, y, gamma, c),
  };
}

/** exp(2c x·y − c‖x‖² − c‖y‖²): c goes into the points, so that a block is passed over as rarely as can be. */
function gaussian(x: Traced, y: Traced, c: Traced): Traced {
  const xx = np.sum(np.square(x.ref), 1).mul(c.ref.neg()).reshape([-1, 1]);
  const yy = np.sum(np.square(y.ref), 1).mul(c.ref.neg()).reshape([1, -1]);
  return np.exp(
    inner(x.mul(c.mul(2)), y)
      .add(xx)
      .add(yy),
  );
}

/** ‖x_i − y_j‖^γ: [n, d], [m, d] → [n, m]. Where x_i = y_j it is 0 and so is its gradient. */
function distancePower(x: Traced, y: Traced, gamma: number): Traced {
  const xx = np.sum(np.square(x.ref), 1).reshape([-1, 1]);
  const yy = np.sum(np.square(y.ref), 1).reshape([1, -1]);
  const scale = xx.add(yy);
  const squared = inner(x.mul(-2), y).add(scale.ref);
  const apart = np.greater(squared.ref, lax.stopGradient(scale).mul(rounding));
  const safe = np.where(apart.ref, squared, 1);
  return np.where(apart, gamma === 1 ? np.sqrt(safe) : np.exp(np.log(safe).mul(gamma / 2)), 0);
}

/** x_i·y_j. */
const inner = (x: Traced, y: Traced): Traced => lax.dot(x, y, { lhsContractingDims: [1], rhsContractingDims: [1] });

function exponential64(x: Rows, y: Rows, gamma: number, c: number): Float64Array {
  const out = new Float64Array(x.count * y.count);
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) {
      const squared = squaredDistance(x, i, y, j);
      const power = gamma === 2 ? squared : squared ** (gamma / 2);
      out[i * y.count + j] = Math.exp(-c * power);
    }
  return out;
}

/** ‖x_i − y_j‖² in float64. */
export function squaredDistance(x: Rows, i: number, y: Rows, j: number): number {
  const d = x.length;
  let [even, odd] = [0, 0];
  let [p, q] = [i * d, j * d];
  const end = p + d;
  for (; p + 1 < end; p += 2, q += 2) {
    const a = x.data[p]! - y.data[q]!;
    const b = x.data[p + 1]! - y.data[q + 1]!;
    even += a * a;
    odd += b * b;
  }
  if (p < end) even += (x.data[p]! - y.data[q]!) ** 2;
  return even + odd;
}
