import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { mapGroups, Pace, perRuntime } from "../../engine/index.ts";
import { euclidean, type GroundMetric, groundMetric } from "../wasserstein/ground/metric.ts";
import { centred, rowBlocks, single, squaredNorms, stripRows } from "../wasserstein/ground/rowBlocks.ts";
import { comparable, type PointMeasure, type WeightedPoints } from "../wasserstein/ground/weightedPoints.ts";

/** A directed Hausdorff distance and where it is attained. */
export interface Directed {
  /** max_i min_j d(x_i, y_j), in float64. */
  readonly value: number;
  /** Row of x that lies farthest from y, and its nearest row of y; among points of positive weight. */
  readonly from: number;
  readonly to: number;
}

export interface HausdorffOptions {
  /** Ground metric: "euclidean" (default), "manhattan", "chebyshev", or a function. */
  readonly metric?: string | GroundMetric;
  readonly signal?: AbortSignal;
}

/**
 * h(a, b) = max_i min_j d(x_i, y_j): how far the support of a reaches beyond that of b (§5.1.4). Exact. Large Euclidean
 * problems go through matrix products in blocks; every row that rounding leaves in doubt is computed again in float64.
 *
 * @throws AttarError (exit code 2) for measures that cannot be compared or an unknown metric.
 */
export async function directedHausdorff(
  a: PointMeasure,
  b: PointMeasure,
  { metric, signal }: HausdorffOptions = {},
): Promise<Directed> {
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  return directedBetween(x, y, ground, signal);
}

/** d_H(a, b) = max(h(a, b), h(b, a)) of the supports (§5.1.4), exact. */
export async function hausdorffDistance(
  a: PointMeasure,
  b: PointMeasure,
  { metric, signal }: HausdorffOptions = {},
): Promise<number> {
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  const there = await directedBetween(x, y, ground, signal);
  return Math.max(there.value, (await directedBetween(y, x, ground, signal)).value);
}

/** Multiplications from which the matrix products of the engine pay. */
const worthEngine = 1e8;

/** {@link directedHausdorff} of measures already checked. */
export async function directedBetween(
  x: WeightedPoints,
  y: WeightedPoints,
  metric: GroundMetric,
  signal?: AbortSignal,
): Promise<Directed> {
  const inEngine = metric === euclidean && x.count * y.count * x.dimension > worthEngine;
  return farthest(x, y, metric, new Pace(signal), inEngine ? await nearestSquares(x, y) : undefined);
}

/**
 * The row of x farthest from y. A row is left as soon as it has a neighbour nearer than the farthest row so far (Taha and
 * Hanbury 2015); with upper bounds, rows come in the order of what they may still reach.
 */
async function farthest(
  x: WeightedPoints,
  y: WeightedPoints,
  metric: GroundMetric,
  pace: Pace,
  upper?: Float64Array,
): Promise<Directed> {
  const { dimension: d } = x;
  let best: Directed = { value: -1, from: 0, to: 0 };
  const order = upper ? Uint32Array.from(upper.keys()).sort((i, j) => upper[j]! - upper[i]!) : undefined;
  let start = 0;
  for (let k = 0; k < x.count; k++) {
    const i = order ? order[k]! : k;
    if (upper && upper[i]! < best.value) break;
    let least = Number.POSITIVE_INFINITY;
    let to = 0;
    for (let s = 0; s < y.count && least > best.value; s++) {
      // Where the last row ended its search is a likely place for the next one to end, too.
      const j = start + s < y.count ? start + s : start + s - y.count;
      const distance = metric(x.data, i, y.data, j, d, least);
      if (distance < least) [least, to] = [distance, j];
    }
    start = to;
    if (pace.spent(y.count * d)) await pace.pause();
    if (least > best.value) best = { value: least, from: i, to };
  }
  return best;
}

/** ‖x_i − y_j‖² for one block of rows [1, r, d], the least over all j: [1, r]. */
const leastSquares = perRuntime(() =>
  mapGroups(
    ({ y, norms }: { y: Traced; norms: Traced }, { x, own }: { x: Traced; own: Traced }): Traced => {
      const [, r, d] = x.shape as [number, number, number];
      const products = np.matmul(x.reshape([r, d]), y.transpose());
      return np
        .min(norms.sub(products.mul(2)), 1)
        .reshape([1, r])
        .add(own.reshape([1, r]));
    },
    { name: "nearest neighbours" },
  ),
);

/** Rounding unit of float32. */
const unit = 2 ** -24;

/** Upper bounds of every row's distance to y, in strips on either side: memory does not grow with their numbers. */
async function nearestSquares(x: WeightedPoints, y: WeightedPoints): Promise<Float64Array> {
  const { count: n, dimension: d } = x;
  const [u, v] = centred(x.data, y.data, d);
  const own = squaredNorms(u, d);
  const other = squaredNorms(v, d);
  const longest = other.reduce((a, b) => Math.max(a, b), 0);
  const upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let start = 0; start < y.count; start += stripRows) {
    const end = Math.min(y.count, start + stripRows);
    const fixed = {
      y: single(v.subarray(start * d, end * d), [end - start, d]),
      norms: single(other.subarray(start, end)),
    };
    for (let from = 0; from < n; from += stripRows) {
      const to = Math.min(n, from + stripRows);
      const { data } = await leastSquares()(fixed, {
        x: rowBlocks(u, d, from, to),
        own: rowBlocks(Float32Array.from(own.subarray(from, to)), 1, 0, to - from),
      });
      for (let i = from; i < to; i++) upper[i] = Math.min(upper[i]!, data[i - from]!);
    }
  }
  for (let i = 0; i < n; i++) {
    // A sum of d products errs by at most d units of ‖x‖‖y‖ whatever its order; centring rounds once more.
    const error = 2 * (d + 8) * unit * (own[i]! + longest);
    upper[i] = Math.sqrt(Math.max(0, upper[i]!) + error);
  }
  return upper;
}
