import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { mapGroups, perRuntime } from "../../../engine/index.ts";
import { euclidean, type GroundMetric } from "./metric.ts";
import { centred, rowBlocks, single, squaredNorms, stripRows } from "./rowBlocks.ts";
import type { WeightedPoints } from "./weightedPoints.ts";

/** Multiplications from which the matrix products of the engine pay. */
const worthEngine = 2e7;

/** Squared distances below this share of ‖x‖² + ‖y‖² are computed again in float64: cancellation has eaten them. */
const cancelled = 1e-2;

type Block = { x: Traced; norms: Traced };

/** ‖x‖² − 2⟨x, y⟩ + ‖y‖² of one block of rows [1, r, d] with all of y [m, d]: [1, r, m]. */
const squaredDistances = perRuntime(() =>
  mapGroups(
    ({ y, norms }: { y: Traced; norms: Traced }, block: Block): Traced => {
      const [, r, d] = block.x.shape as [number, number, number];
      const products = np.matmul(block.x.reshape([r, d]), y.transpose());
      return products
        .mul(-2)
        .add(block.norms.reshape([r, 1]))
        .add(norms)
        .reshape([1, r, -1]);
    },
    { name: "squared distances" },
  ),
);

/**
 * All distances d(x_i, y_j), [n, m] row-major. Large Euclidean problems go through float32 matrix products, with entries
 * that suffer from cancellation computed again in float64; everything else is float64.
 */
export async function distanceMatrix(
  x: WeightedPoints,
  y: WeightedPoints,
  metric: GroundMetric,
): Promise<Float64Array> {
  const { count: n, dimension: d } = x;
  const m = y.count;
  const out = new Float64Array(n * m);
  if (metric !== euclidean || n * m * d < worthEngine) {
    for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[i * m + j] = metric(x.data, i, y.data, j, d);
    return out;
  }
  const [u, v] = centred(x.data, y.data, d);
  const own = squaredNorms(u, d);
  const other = squaredNorms(v, d);
  const fixed = { y: single(v, [m, d]), norms: single(other) };
  for (let from = 0; from < n; from += stripRows) {
    const to = Math.min(n, from + stripRows);
    const norms = Float32Array.from(own.subarray(from, to));
    const squares = await squaredDistances()(fixed, {
      x: rowBlocks(u, d, from, to),
      norms: rowBlocks(norms, 1, 0, to - from),
    });
    for (let i = from; i < to; i++)
      for (let j = 0; j < m; j++) {
        const square = squares.data[(i - from) * m + j]!;
        const doubtful = square < cancelled * (own[i]! + other[j]!);
        out[i * m + j] = doubtful ? euclidean(x.data, i, y.data, j, d) : Math.sqrt(square);
      }
  }
  return out;
}
