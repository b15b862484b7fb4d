import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError } from "../../engine/index.ts";
import { firstPadding } from "../networks/convnet.ts";
import { reluMoments } from "./arcCosine.ts";
import { convolutional64 } from "./convolutional64.ts";
import {
  type ConvolutionalLimit,
  checkDepth,
  type Limit,
  type Prior,
  type Variances,
  variances,
} from "./infiniteWidth.ts";
import type { Kernel } from "./kernel.ts";

export interface ConvolutionalOptions extends Prior {
  /** Blocks of 3x3 convolution, ReLU and pooling; 3 when left out. */
  readonly depth?: number;
  /** 2x2 mean pooling after every block (KIP's ConvNet, the field's without normalisation), or none (KIP's Conv); "avg". */
  readonly pooling?: "avg" | "none";
  /** Zeros around the image before the first convolution; as the field's ConvNet when left out: 3 for grey 28x28, else 1. */
  readonly padding?: number;
}

/**
 * NTK or NNGP kernel of infinitely wide convolutional ReLU networks (Arora et al. 2019, Novak et al. 2019): `depth` blocks of 3x3
 * convolution, ReLU and, where asked, 2x2 mean pooling, then a linear layer over the flattened map. Points are images
 * [n, C, H, W].
 *
 * Without pooling only covariances of equal positions matter, and a pair of images costs some hundred operations a pixel. With
 * pooling every pair of positions does: the square of the number of pixels, about 50 ms for one pair of 32x32 images.
 *
 * @throws AttarError "invalid-kernel" for a depth that is no whole number from 1, negative standard deviations, or images that
 * cannot be halved so often.
 */
export function convolutionalKernel(
  limit: Limit,
  input: readonly [number, number, number],
  options: ConvolutionalOptions = {},
): Kernel {
  const { depth = 3, pooling = "avg", padding = firstPadding(input) } = options;
  checkDepth(depth);
  const net = { limit, input, depth, pooled: pooling === "avg", padding, variances: variances(options) };
  const [height, width] = input.slice(1).map((side) => side + 2 * padding - 2) as [number, number];
  if (net.pooled && Math.min(height, width) < 2 ** depth)
    throw new AttarError(
      "invalid-kernel",
      `${input[1]}x${input[2]} images cannot be halved ${depth} times`,
      "Choose a smaller depth, or a kernel without pooling.",
    );
  const { weight, bias } = net.variances;
  const positions = net.pooled ? (height * width) ** 2 : height * width;
  return {
    name: `${limit} of ${depth} convolutions on ${input}, padding ${padding}, pooling ${pooling}, variances ${weight} and ${bias}`,
    parameters: {},
    blockSide: Math.max(1, Math.floor(Math.sqrt(2e7 / positions))),
    matrix: (_, x, y) => (net.pooled ? pooledMatrix(net, x, y) : alignedMatrix(net, x, y)),
    diagonal: (_, x) => (net.pooled ? pooledDiagonal(net, x) : alignedDiagonal(net, x)),
    exact: (x, y) => convolutional64(net, x, y),
  };
}

/** Covariances of a layer's outputs and the tangent kernel so far, over the same axes. */
interface State {
  covariance: Traced;
  tangent: Traced | undefined;
}

/** A convolution: [… positions …] → the same of the next map. `axes` are the rows' axes and the columns' axes of all points. */
function convolved({ covariance, tangent }: State, axes: Axes, padding: number, v: Variances): State {
  const next = windowSum(covariance, axes, padding)
    .mul(v.weight / 9)
    .add(v.bias);
  if (!tangent) return { covariance: next, tangent: next.ref };
  const carried = windowSum(tangent, axes, padding).mul(v.weight / 9);
  return { covariance: next, tangent: next.ref.add(carried) };
}

/** The axes that count rows of the map and those that count columns: one of each, or two where pairs of positions count. */
type Axes = readonly [rows: readonly number[], columns: readonly number[]];

/** Σ over the nine shifts of x, shifted alike along all row axes and along all column axes, zeros outside. */
function windowSum(x: Traced, axes: Axes, padding: number): Traced {
  return axes.reduce((whole, along) => {
    const widths = whole.shape.map((_, axis): [number, number] => (along.includes(axis) ? [padding, padding] : [0, 0]));
    const padded = np.pad(whole, widths);
    const side = padded.shape[along[0]!]! - 2;
    const shifted = [0, 1, 2].map((shift) =>
      padded.ref.slice(
        ...padded.shape.map((_, axis): [number, number] | [] => (along.includes(axis) ? [shift, shift + side] : [])),
      ),
    );
    padded.dispose();
    return shifted[0]!.add(shifted[1]!).add(shifted[2]!);
  }, x);
}

function rectified({ covariance, tangent }: State, xx: Traced, yy: Traced): State {
  const { value, derivative } = reluMoments(covariance, xx, yy);
  if (tangent) return { covariance: value, tangent: tangent.mul(derivative) };
  derivative.dispose();
  return { covariance: value, tangent };
}

/** The linear layer over the flattened map: `mean` averages over equal positions. */
function readOut({ covariance, tangent }: State, mean: (x: Traced) => Traced, net: ConvolutionalLimit): Traced {
  const { weight, bias } = net.variances;
  const q = mean(covariance).mul(weight).add(bias);
  if (net.limit === "ntk") return q.add(mean(tangent!).mul(weight));
  tangent?.dispose();
  return q;
}

const paddingOf = (net: ConvolutionalLimit, block: number) => (block === 0 ? net.padding : 1);

/** The covariances without pooling, at equal positions, [n, m, H, W]. */
function alignedMatrix(net: ConvolutionalLimit, x: Traced, y: Traced): Traced {
  const c = x.shape[1]!;
  const own = (z: Traced) => np.sum(np.square(z), 1).mul(1 / c);
  const [nx, ny] = [x.shape[0]!, y.shape[0]!];
  let xx = own(x.ref);
  let yy = own(y.ref);
  const [, , h, w] = x.shape as [number, number, number, number];
  const product = x.reshape([nx, 1, c, h, w]).mul(y.reshape([1, ny, c, h, w]));
  let state: State = { covariance: np.sum(product, 2).mul(1 / c), tangent: undefined };
  for (let block = 0; block < net.depth; block++) {
    const padding = paddingOf(net, block);
    state = convolved(state, [[2], [3]], padding, net.variances);
    xx = varianceAfter(xx, padding, net.variances);
    yy = varianceAfter(yy, padding, net.variances);
    const [, rows, columns] = xx.shape as [number, number, number];
    state = rectified(state, xx.ref.reshape([nx, 1, rows, columns]), yy.ref.reshape([1, ny, rows, columns]));
    [xx, yy] = [xx.mul(0.5), yy.mul(0.5)];
  }
  xx.dispose();
  yy.dispose();
  return readOut(state, (z) => np.mean(z, [2, 3]), net);
}

/** Variances [n, H, W] after a convolution. */
const varianceAfter = (xx: Traced, padding: number, v: Variances): Traced =>
  windowSum(xx, [[1], [2]], padding)
    .mul(v.weight / 9)
    .add(v.bias);

function alignedDiagonal(net: ConvolutionalLimit, x: Traced): Traced {
  let state: State = { covariance: np.mean(np.square(x), 1), tangent: undefined };
  for (let block = 0; block < net.depth; block++) {
    const after = convolved(state, [[1], [2]], paddingOf(net, block), net.variances);
    state = { covariance: after.covariance.mul(0.5), tangent: after.tangent!.mul(0.5) };
  }
  return readOut(state, (z) => np.mean(z, [1, 2]), net);
}

/** The covariances with pooling, of all pairs of positions, [n, H, W, m, H, W]. */
function pooledMatrix(net: ConvolutionalLimit, x: Traced, y: Traced): Traced {
  const c = x.shape[1]!;
  const [varianceX, varianceY] = [ownVariances(net, x.ref), ownVariances(net, y.ref)];
  const points = (z: Traced) => np.transpose(z, [0, 2, 3, 1]).reshape([-1, c]);
  const [n, , h, w] = x.shape as [number, number, number, number];
  const m = y.shape[0]!;
  const product = lax.dot(points(x).mul(1 / c), points(y), { lhsContractingDims: [1], rhsContractingDims: [1] });
  let state: State = { covariance: product.reshape([n, h, w, m, h, w]), tangent: undefined };
  for (let block = 0; block < net.depth; block++) {
    state = convolved(state, crossAxes, paddingOf(net, block), net.variances);
    const [rows, columns] = state.covariance.shape.slice(1) as [number, number];
    const xx = varianceX[block]!.reshape([n, rows, columns, 1, 1, 1]);
    const yy = varianceY[block]!.reshape([1, 1, 1, m, rows, columns]);
    state = rectified(state, xx, yy);
    if (block < net.depth - 1) state = pooled(state, crossAxes);
  }
  return readOut(state, (z) => meanOfPooled(z, crossAxes), net);
}

const crossAxes: Axes = [
  [1, 4],
  [2, 5],
];
const ownAxes: Axes = [
  [1, 3],
  [2, 4],
];

/** Variances [n, H, W] before each ReLU, by way of all pairs of positions of one image. */
function ownVariances(net: ConvolutionalLimit, x: Traced): Traced[] {
  const found: Traced[] = [];
  const state = ownState(net, x, false, found);
  state.covariance.dispose();
  return found;
}

function pooledDiagonal(net: ConvolutionalLimit, x: Traced): Traced {
  const found: Traced[] = [];
  const state = ownState(net, x, true, found);
  for (const unused of found) unused.dispose();
  return readOut(state, (z) => meanOfPooled(z, ownAxes), net);
}

/** Covariances of all pairs of positions of one image, [n, H, W, H, W], after the last ReLU. */
function ownState(net: ConvolutionalLimit, x: Traced, tangent: boolean, found: Traced[]): State {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const flat = x.reshape([n, c, h * w]);
  const product = np.matmul(np.transpose(flat.ref, [0, 2, 1]), flat).mul(1 / c);
  let state: State = { covariance: product.reshape([n, h, w, h, w]), tangent: undefined };
  for (let block = 0; block < net.depth; block++) {
    if (block > 0) state = pooled(state, ownAxes);
    state = convolved(state, ownAxes, paddingOf(net, block), net.variances);
    if (!tangent) {
      state.tangent!.dispose();
      state = { covariance: state.covariance, tangent: undefined };
    }
    const [rows, columns] = state.covariance.shape.slice(1) as [number, number];
    const equal = np.eye(rows * columns).reshape([1, rows, columns, rows, columns]);
    const variance = np.sum(state.covariance.ref.mul(equal), [3, 4]);
    found.push(variance.ref);
    const xx = variance.ref.reshape([n, rows, columns, 1, 1]);
    state = rectified(state, xx, variance.reshape([n, 1, 1, rows, columns]));
  }
  return state;
}

/** 2x2 means over every map; an odd last row or column is dropped. */
function pooled({ covariance, tangent }: State, axes: Axes): State {
  const halved = (x: Traced) => axes.flat().reduce(halve, x);
  return { covariance: halved(covariance), tangent: tangent && halved(tangent) };
}

function halve(x: Traced, axis: number): Traced {
  const half = x.shape[axis]! >> 1;
  const even =
    x.shape[axis] === 2 * half
      ? x
      : x.slice(...x.shape.map((_, k): [number, number] | [] => (k === axis ? [0, 2 * half] : [])));
  const split = even.reshape([...even.shape.slice(0, axis), half, 2, ...even.shape.slice(axis + 1)]);
  return np.sum(split, axis + 1).mul(0.5);
}

/** 2x2 mean pooling and then the mean over equal positions, as one weighted sum over all pairs. */
function meanOfPooled(x: Traced, axes: Axes): Traced {
  const [rows, columns] = [x.shape[axes[0][0]!]!, x.shape[axes[1][0]!]!];
  const [h, w] = [rows >> 1, columns >> 1];
  const same = (side: number, count: number) =>
    Float32Array.from({ length: side * side }, (_, k) => {
      const [i, j] = [Math.floor(k / side) >> 1, (k % side) >> 1];
      return i === j && i < count ? 1 : 0;
    });
  const alongRows = np.array(same(rows, h), { shape: [rows, rows] });
  const alongColumns = np.array(same(columns, w), { shape: [columns, columns] });
  const spread = (mask: Traced, along: readonly number[]) =>
    mask.reshape(x.shape.map((extent, axis) => (along.includes(axis) ? extent : 1)));
  const mask = spread(alongRows, axes[0]).mul(spread(alongColumns, axes[1]));
  return np.sum(x.mul(mask), axes.flat()).mul(1 / (16 * h * w));
}
