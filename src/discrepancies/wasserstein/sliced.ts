import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, mapGroups, Pace, perRuntime, type RandomKey, Tensor } from "../../engine/index.ts";
import { rowBlocks, stripRows } from "./ground/rowBlocks.ts";
import { comparable, type PointMeasure, type WeightedPoints } from "./ground/weightedPoints.ts";
import { transportOnLine } from "./onLine.ts";
import { checkOrder, root } from "./order.ts";

export interface Sliced {
  /** (mean over directions θ of WM_p(θ·a, θ·b)^p)^(1/p) */
  readonly value: number;
  /** Standard error from the finite number of directions; NaN of a single one. */
  readonly stderr: number;
}

/**
 * The sliced Wasserstein metric (Rabin et al. 2012): Euclidean transport of projections to a line, averaged over
 * directions; at most WM_p, and a metric itself.
 *
 * @param directions unit vectors [count, d]; see {@link directionsOn}.
 * @throws AttarError (exit code 2) for measures that cannot be compared or p < 1.
 */
export async function slicedWasserstein(
  a: PointMeasure,
  b: PointMeasure,
  directions: Tensor,
  p = 2,
  signal?: AbortSignal,
): Promise<Sliced> {
  checkOrder(p);
  const [x, y] = comparable(a, b);
  const [count, d] = directions.shape as [number, number];
  if (d !== x.dimension)
    throw new AttarError(
      "shape-mismatch",
      `directions have ${d} coordinates, points ${x.dimension}`,
      "make them match",
    );
  const [first, second] = [await projections(x, directions), await projections(y, directions)];
  const pace = new Pace(signal);
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < count; k++) {
    const [s, u] = sorted(first.subarray(k * x.count, (k + 1) * x.count), x);
    const [t, v] = sorted(second.subarray(k * y.count, (k + 1) * y.count), y);
    const value = transportOnLine(s, t, p, u, v);
    sum += value;
    squares += value * value;
    if (pace.spent(sorting * (x.count + y.count))) await pace.pause();
  }
  const mean = sum / count;
  const variance = count > 1 ? Math.max(0, squares - count * mean * mean) / (count - 1) : d === 1 ? 0 : Number.NaN;
  const slope = mean > 0 ? mean ** (1 / p - 1) / p : 0;
  return { value: root(mean, p), stderr: slope * Math.sqrt(variance / count) };
}

/** Operations for each number that is sorted, roughly. */
const sorting = 64;

/** `count` directions, uniform on the unit sphere of R^d: [count, d]. */
export function directionsOn(d: number, count: number, key: RandomKey): Tensor {
  const data = key.normal(count * d);
  for (let k = 0; k < count; k++) {
    const row = data.subarray(k * d, (k + 1) * d);
    const norm = Math.hypot(...row);
    for (let i = 0; i < d; i++) row[i] = row[i]! / norm;
  }
  return new Tensor(data, [count, d], "float32");
}

/** One block of rows [1, r, d] on all directions [count, d]: [1, count, r]. */
const project = perRuntime(() =>
  mapGroups(
    (directions: Traced, rows: Traced): Traced => {
      const [, r, d] = rows.shape as [number, number, number];
      return np.matmul(directions, rows.reshape([r, d]).transpose()).reshape([1, -1, r]);
    },
    { name: "projections" },
  ),
);

/** [count, n]: every point on every direction. */
async function projections(x: WeightedPoints, directions: Tensor): Promise<Float32Array> {
  const count = directions.shape[0]!;
  const out = new Float32Array(count * x.count);
  for (let from = 0; from < x.count; from += stripRows) {
    const to = Math.min(x.count, from + stripRows);
    const blocks = rowBlocks(x.data, x.dimension, from, to);
    const [, r] = blocks.shape as [number, number];
    const { data } = await project()(directions, blocks);
    for (let at = from; at < to; at += r)
      for (let k = 0; k < count; k++) {
        const start = (at - from) * count + k * r;
        out.set((data as Float32Array).subarray(start, start + Math.min(r, to - at)), k * x.count + at);
      }
  }
  return out;
}

/** Coordinates in ascending order, with their weights where these differ. */
function sorted(values: Float32Array, { uniform, weights }: WeightedPoints): [Float32Array, Float64Array?] {
  if (uniform) return [values.sort()];
  const order = Uint32Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!);
  return [Float32Array.from(order, (i) => values[i]!), Float64Array.from(order, (i) => weights[i]!)];
}
