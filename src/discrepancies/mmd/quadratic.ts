import { Tensor } from "../../engine/index.ts";
import {
  type Kernel,
  type KernelSums,
  kernelDiagonal,
  kernelSums,
  type WeightedPoints,
} from "../../hypotheses/kernels/index.ts";
import { mean, type SquaredMmd, withoutOwnPairs } from "./squared.ts";

export interface QuadraticOptions {
  /**
   * "biased": ‖μ̃_a − μ̃_b‖² of the two empirical measures themselves, never negative. "unbiased": pairs of a point with itself
   * left out (uniform weights only), an unbiased estimate of the distance between the distributions they were drawn from.
   */
  readonly estimator: "biased" | "unbiased";
  /** Points a side of a block; chosen when left out. */
  readonly side?: number;
  readonly signal?: AbortSignal;
}

/**
 * MMD² over all pairs of points (§2, Gretton et al. 2012): E k(x, x′) − 2 E k(x, y) + E k(y, y′). Blockwise in bounded memory.
 * The variance is that of the estimate over samples of the same sizes, by Hoeffding's decomposition with plug-in moments, terms
 * of the second order included, so that it holds for equal distributions too.
 */
export async function quadraticMmd(
  kernel: Kernel,
  a: WeightedPoints,
  b: WeightedPoints,
  { estimator, ...options }: QuadraticOptions,
): Promise<SquaredMmd> {
  const [x, y] = kernel.translationInvariant ? centred(a, b) : [a, b];
  const xx = await kernelSums(kernel, x, undefined, options);
  const yy = await kernelSums(kernel, y, undefined, options);
  const xy = await kernelSums(kernel, x, y, options);
  const within = async (sums: KernelSums, set: WeightedPoints) =>
    estimator === "biased"
      ? sums.total
      : withoutOwnPairs(sums.total, mean(await kernelDiagonal(kernel, set.points)), set.weights.length);
  const value = (await within(xx, x)) + (await within(yy, y)) - 2 * xy.total;
  return { value, variance: variance(x, y, xx, yy, xy) };
}

function variance(x: WeightedPoints, y: WeightedPoints, xx: KernelSums, yy: KernelSums, xy: KernelSums): number {
  const [shareX, shareY] = [sumOfSquares(x.weights), sumOfSquares(y.weights)];
  const own = (sums: KernelSums, { weights }: WeightedPoints) =>
    Math.max(0, sums.squares - 2 * weightedMean(weights, (i) => sums.rows[i]! ** 2) + sums.total ** 2);
  const [ownX, ownY] = [own(xx, x), own(yy, y)];
  const rows = weightedMean(x.weights, (i) => xy.rows[i]! ** 2);
  const columns = weightedMean(y.weights, (j) => xy.columns[j]! ** 2);
  const cross = Math.max(0, xy.squares - rows - columns + xy.total ** 2);
  // The witness at a point is itself estimated; its noise is taken off so that it does not count twice.
  const first = (set: WeightedPoints, witness: (i: number) => number, noise: number) => {
    const centre = weightedMean(set.weights, witness);
    const share = sumOfSquares(set.weights);
    const spread = share < 1 ? weightedMean(set.weights, (i) => (witness(i) - centre) ** 2) / (1 - share) : 0;
    return 4 * share * (spread - noise);
  };
  const firstOrder =
    first(x, (i) => xx.rows[i]! - xy.rows[i]!, shareX * ownX + shareY * cross) +
    first(y, (j) => yy.rows[j]! - xy.columns[j]!, shareY * ownY + shareX * cross);
  return Math.max(0, firstOrder) + 2 * shareX ** 2 * ownX + 2 * shareY ** 2 * ownY + 4 * shareX * shareY * cross;
}

const sumOfSquares = (weights: Float64Array) => weights.reduce((s, w) => s + w * w, 0);
const weightedMean = (weights: Float64Array, of: (i: number) => number) =>
  weights.reduce((s, w, i) => s + w * of(i), 0);

/**
 * Both sets less their common mean, where they lie so far from the origin that squared distances computed from a product would
 * lose digits; else as they are.
 */
function centred(a: WeightedPoints, b: WeightedPoints): [WeightedPoints, WeightedPoints] {
  const length = a.points.data.length / a.weights.length;
  const centre = new Float64Array(length);
  let power = 0;
  for (const { points } of [a, b])
    for (let at = 0; at < points.data.length; at += length)
      for (let k = 0; k < length; k++) {
        const value = points.data[at + k]!;
        centre[k]! += value;
        power += value * value;
      }
  const count = a.weights.length + b.weights.length;
  for (let k = 0; k < length; k++) centre[k]! /= count;
  if (centre.reduce((s, v) => s + v * v, 0) * count < 0.75 * power) return [a, b];
  const shifted = ({ points, weights }: WeightedPoints): WeightedPoints => {
    const data = Float32Array.from(points.data, (v, i) => v - centre[i % length]!);
    return { points: new Tensor(data, points.shape, "float32"), weights };
  };
  return [shifted(a), shifted(b)];
}
