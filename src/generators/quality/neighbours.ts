import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, type Pace, perRuntime, type Tensor } from "../../engine/index.ts";

/** Neighbours whose distance is the radius of a point's ball (Kynkäänniemi et al. 2019). */
const k = 3;

/** Precision: the share of `made` within the balls of `real`. Recall: the share of `real` within the balls of `made`. */
export interface PrecisionAndRecall {
  readonly precision: number;
  readonly recall: number;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019): every point of a set has a ball that reaches its third nearest neighbour in
 * the set, and the balls stand for the set's support.
 *
 * @param real [n, d] @param made [m, d]
 */
export async function precisionAndRecall(real: Tensor, made: Tensor, pace: Pace): Promise<PrecisionAndRecall> {
  const radii = async (points: Tensor) => squaredRadii(await squaredDistances(points, points, pace));
  const [ofReal, ofMade] = [await radii(real), await radii(made)];
  return {
    precision: covered(await squaredDistances(made, real, pace), ofReal),
    recall: covered(await squaredDistances(real, made, pace), ofMade),
  };
}

/** The share of rows that are within the ball of a column. */
function covered({ data, shape }: Tensor, radii: Float32Array): number {
  const [n, m] = shape as [number, number];
  let within = 0;
  for (let i = 0; i < n; i++) if (radii.some((radius, j) => data[i * m + j]! <= radius)) within++;
  return within / n;
}

/** The squared distance of every point to its k-th nearest neighbour among the others. */
function squaredRadii({ data, shape }: Tensor): Float32Array {
  const n = shape[0]!;
  return Float32Array.from({ length: n }, (_, i) => {
    const others = (data as Float32Array).slice(i * n, (i + 1) * n);
    others[i] = Number.POSITIVE_INFINITY;
    const nearest = others.sort().subarray(0, Math.min(k, n - 1));
    return nearest.at(-1) ?? 0;
  });
}

/** ‖x_i − y_j‖² = ‖x_i‖² + ‖y_j‖² − 2 x_i·y_j of all pairs, about their common middle, which keeps the digits: [n, m]. */
const pairs = perRuntime(() =>
  compile(
    (x: Traced, y: Traced): Traced => {
      const middle = np.mean(y.ref, 0, { keepdims: true });
      const [a, b] = [x.sub(middle.ref), y.sub(middle)];
      const own = np.sum(np.square(a.ref), 1, { keepdims: true });
      const other = np.sum(np.square(b.ref), 1).reshape([1, -1]);
      return own.add(other).sub(np.matmul(a, b.transpose()).mul(2));
    },
    { name: "distances of features" },
  ),
);

async function squaredDistances(x: Tensor, y: Tensor, pace: Pace): Promise<Tensor> {
  await pace.pause();
  return pairs()(x, y);
}

/** The middle value, of an even number the mean of both. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}
