import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type GroupMap, mapGroups, perRuntime, tensor } from "../../../engine/index.ts";
import { distanceMatrix } from "../ground/distances.ts";
import { euclidean, type GroundMetric } from "../ground/metric.ts";
import { centred, rowBlocks, single, squaredNorms, stripRows } from "../ground/rowBlocks.ts";
import type { WeightedPoints } from "../ground/weightedPoints.ts";

/**
 * The half step of Sinkhorn's algorithm in the log domain between measures of n and m atoms with costs C_ij = d_ij^p:
 * f_i = −ε log Σ_j b_j exp((g_j − C_ij)/ε), and the same with the sides exchanged.
 */
export interface Softmin {
  /** m potentials → n. */
  rows(g: Float64Array, epsilon: number): Promise<Float64Array>;
  /** n potentials → m. */
  columns(f: Float64Array, epsilon: number): Promise<Float64Array>;
  /** Marginal errors below this drown in rounding. */
  readonly precision: number;
}

/** Pairs from which costs are recomputed block by block in the engine instead of being kept in float64. */
const worthEngine = 2_000_000;

/** The half steps between two measures: float64 where the costs fit, float32 and blockwise for large Euclidean ones. */
export async function softminBetween(
  x: WeightedPoints,
  y: WeightedPoints,
  p: number,
  metric: GroundMetric,
): Promise<Softmin> {
  if (metric === euclidean && x.count * y.count > worthEngine) return blockwise(x, y, p);
  const cost = await distanceMatrix(x, y, metric);
  for (let k = 0; k < cost.length; k++) cost[k] = cost[k]! ** p;
  return stored(cost, x.weights, y.weights);
}

/** Half steps over a matrix of costs [n, m] on the host. */
export function stored(cost: Float64Array, a: Float64Array, b: Float64Array): Softmin {
  const n = a.length;
  const m = b.length;
  return {
    precision: 1e-13,
    async rows(g, epsilon) {
      const h = exponents(g, b, epsilon);
      const f = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let j = 0; j < m; j++) most = Math.max(most, h[j]! - cost[i * m + j]! / epsilon);
        let sum = 0;
        for (let j = 0; j < m; j++) sum += Math.exp(h[j]! - cost[i * m + j]! / epsilon - most);
        f[i] = -epsilon * (most + Math.log(sum));
      }
      return f;
    },
    async columns(f, epsilon) {
      const h = exponents(f, a, epsilon);
      const most = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++) most[j] = Math.max(most[j]!, h[i]! - cost[i * m + j]! / epsilon);
      const sum = new Float64Array(m);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++) sum[j] = sum[j]! + Math.exp(h[i]! - cost[i * m + j]! / epsilon - most[j]!);
      return most.map((top, j) => -epsilon * (top + Math.log(sum[j]!)));
    },
  };
}

/** h_j = log b_j + g_j / ε */
const exponents = (g: Float64Array, b: Float64Array, epsilon: number) => g.map((v, j) => Math.log(b[j]!) + v / epsilon);

function blockwise(x: WeightedPoints, y: WeightedPoints, p: number): Softmin {
  const { dimension: d } = x;
  const [u, v] = centred(x.data, y.data, d);
  const [own, other] = [squaredNorms(u, d), squaredNorms(v, d)];
  const half = halfStep(p);
  /** Over all points of the second matrix, for every row of the first. */
  const over = async (
    [rows, rowNorms]: [Float32Array, Float64Array],
    [points, norms]: [Float32Array, Float64Array],
    h: Float64Array,
    epsilon: number,
  ) => {
    const n = rowNorms.length;
    const out = new Float64Array(n);
    const fixed = {
      y: single(points, [norms.length, d]),
      norms: single(norms),
      h: single(h),
      scale: tensor(1 / epsilon),
    };
    for (let from = 0; from < n; from += stripRows) {
      const to = Math.min(n, from + stripRows);
      const result = await half(fixed, {
        x: rowBlocks(rows, d, from, to),
        norms: rowBlocks(Float32Array.from(rowNorms.subarray(from, to)), 1, 0, to - from),
      });
      for (let i = from; i < to; i++) out[i] = -epsilon * result.data[i - from]!;
    }
    return out;
  };
  return {
    precision: 5e-4,
    rows: (g, epsilon) => over([u, own], [v, other], exponents(g, y.weights, epsilon), epsilon),
    columns: (f, epsilon) => over([v, other], [u, own], exponents(f, x.weights, epsilon), epsilon),
  };
}

type Fixed = { y: Traced; norms: Traced; h: Traced; scale: Traced };
type Block = { x: Traced; norms: Traced };
const compiled = perRuntime(() => new Map<number, GroupMap<Fixed, Block, Traced>>());

/** log Σ_j exp(h_j − ‖x_i − y_j‖^p · scale) for one block of rows [1, r, d]: [1, r]. */
function halfStep(p: number): GroupMap<Fixed, Block, Traced> {
  const known = compiled().get(p);
  if (known) return known;
  const made = mapGroups(
    ({ y, norms, h, scale }: Fixed, block: Block): Traced => {
      const [, r, d] = block.x.shape as [number, number, number];
      const products = np.matmul(block.x.reshape([r, d]), y.transpose());
      const square = np.maximum(
        products
          .mul(-2)
          .add(block.norms.reshape([r, 1]))
          .add(norms),
        1e-12,
      );
      const z = h.sub(power(square, p).mul(scale));
      const most = np.max(z.ref, 1, { keepdims: true });
      const sum = np.sum(np.exp(z.sub(most.ref)), 1);
      return np
        .log(sum)
        .add(most.reshape([r]))
        .reshape([1, r]);
    },
    { name: `Sinkhorn half step, p = ${p}` },
  );
  compiled().set(p, made);
  return made;
}

/** d^p from d², which is positive. Consumes it. */
export function power(square: Traced, p: number): Traced {
  if (p === 2) return square;
  if (p === 1) return np.sqrt(square);
  return np.exp(np.log(square).mul(p / 2));
}
