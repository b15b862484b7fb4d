import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { type Tensor, tensor } from "../../engine/index.ts";
import { type Kernel, rowsOf } from "./kernel.ts";
import { forEachTile, type Side, type Tile, type TileOptions } from "./tiles.ts";

/** The sums that are kept of K(X, Y) under weights u of X and v of Y. */
export interface KernelSums {
  /** Σ_j v_j k(x_i, y_j) of every i. */
  readonly rows: Float64Array;
  /** Σ_i u_i k(x_i, y_j) of every j. */
  readonly columns: Float64Array;
  /** Σ_ij u_i v_j k(x_i, y_j). */
  readonly total: number;
  /** Σ_ij u_i v_j k(x_i, y_j)². */
  readonly squares: number;
}

/** A weighted set of points: [n, …] and a weight each. */
export interface WeightedPoints {
  readonly points: Tensor;
  readonly weights: Float64Array;
}

/** Multiply-adds below which the host computes in float64 faster than a graph would be compiled. */
const hostWork = 3e7;

/**
 * Weighted row and column sums of a kernel matrix, and of its squares. Small sets are computed in float64 on the host, where
 * the kernel can; others block by block in float32 (see {@link forEachTile}) and added up in float64. With `y` left out the
 * two sides are the same set and symmetric blocks are computed once.
 */
export async function kernelSums(
  kernel: Kernel,
  x: WeightedPoints,
  y?: WeightedPoints,
  options: Omit<TileOptions, "symmetric"> = {},
): Promise<KernelSums> {
  const [n, m] = [x.weights.length, (y ?? x).weights.length];
  const work = n * m * (x.points.data.length / n);
  if (kernel.exact && !kernel.blockSide && !options.side && work <= hostWork) return hostSums(kernel.exact, x, y ?? x);
  const rows = new Float64Array(n);
  const columns = new Float64Array(m);
  const sums = { squares: 0 };
  const [sideX, sideY] = [scaled(x), scaled(y ?? x)];
  await forEachTile(
    kernel,
    sideX,
    sideY,
    weightedSums,
    (block, a, b) => {
      add(rows, a, block.rows!, 1 / m);
      add(columns, b, block.columns!, 1 / n);
      const mirrored = !y && a.start !== b.start;
      if (mirrored) {
        add(rows, b, block.columns!, 1 / n);
        add(columns, a, block.rows!, 1 / m);
      }
      sums.squares += ((mirrored ? 2 : 1) * block.squares!.item()) / (n * m);
    },
    { ...options, symmetric: !y },
  );
  return { rows, columns, total: dot(rows, x.weights), squares: sums.squares };
}

/** uᵀK, (K v)ᵀ and u·(K∘K) v of one block. Products with a single row on the left are several times faster than others. */
const weightedSums = {
  name: "weighted sums",
  reduce(block: Traced, u: Traced, v: Traced) {
    const over = (w: Traced, k: Traced, axis: number) =>
      lax.dot(w, k, { lhsContractingDims: [0], rhsContractingDims: [axis] });
    const columns = over(u.ref, block.ref, 0);
    const rows = over(v.ref, block.ref, 1);
    const squares = np.sum(over(v, np.square(block), 1).mul(u.reshape([1, -1]))).reshape([1]);
    return { rows, columns, squares };
  },
};

/** Weights times their number: near 1, where float32 has its digits. */
function scaled({ points, weights }: WeightedPoints): Side {
  return {
    points,
    weights: tensor(
      Float32Array.from(weights, (w) => w * weights.length),
      [weights.length, 1],
    ),
  };
}

function add(into: Float64Array, { start, end }: Tile, part: Tensor, factor: number): void {
  for (let i = start; i < end; i++) into[i] = into[i]! + factor * part.data[i - start]!;
}

function hostSums(exact: NonNullable<Kernel["exact"]>, x: WeightedPoints, y: WeightedPoints): KernelSums {
  const block = exact(rowsOf(x.points), rowsOf(y.points));
  const [n, m] = [x.weights.length, y.weights.length];
  const rows = new Float64Array(n);
  const columns = new Float64Array(m);
  let squares = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const k = block[i * m + j]!;
      const [u, v] = [x.weights[i]!, y.weights[j]!];
      rows[i]! += v * k;
      columns[j]! += u * k;
      squares += u * v * k * k;
    }
  return { rows, columns, total: dot(rows, x.weights), squares };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
