import { reluMoments64 } from "./arcCosine.ts";
import type { ConvolutionalLimit } from "./infiniteWidth.ts";
import type { Rows } from "./kernel.ts";

/** A map over positions (`pairs` false) or over pairs of positions, row-major. */
interface Map64 {
  readonly height: number;
  readonly width: number;
  readonly pairs: boolean;
  readonly values: Float64Array;
}

/** The convolutional limit in float64, pair by pair: images as rows of C·H·W. */
export function convolutional64(net: ConvolutionalLimit, x: Rows, y: Rows): Float64Array {
  const own = (rows: Rows) => Array.from({ length: rows.count }, (_, i) => variancesOf(net, rows, i));
  const [ownX, ownY] = [own(x), own(y)];
  const out = new Float64Array(x.count * y.count);
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) out[i * y.count + j] = pair(net, x, i, y, j, ownX[i]!, ownY[j]!);
  return out;
}

function pair(
  net: ConvolutionalLimit,
  x: Rows,
  i: number,
  y: Rows,
  j: number,
  xx: readonly Float64Array[],
  yy: readonly Float64Array[],
): number {
  const { weight, bias } = net.variances;
  let q = products(net, x, i, y, j);
  let tangent: Map64 | undefined;
  for (let block = 0; block < net.depth; block++) {
    const padding = block === 0 ? net.padding : 1;
    q = convolve(q, padding, weight, bias);
    const carried = tangent && convolve(tangent, padding, weight, 0);
    const values = q.values.map((v, k) => v + (carried?.values[k] ?? 0));
    const moments = rectify(q, xx[block]!, yy[block]!);
    tangent = { ...q, values: values.map((v, k) => v * moments.derivative[k]!) };
    q = { ...q, values: moments.value };
    if (net.pooled) [q, tangent] = [pool(q), pool(tangent)];
  }
  const value = weight * meanOfEqual(q) + bias;
  return net.limit === "nngp" ? value : value + weight * meanOfEqual(tangent!);
}

/** Variances before each ReLU of one image. */
function variancesOf(net: ConvolutionalLimit, x: Rows, i: number): Float64Array[] {
  const { weight, bias } = net.variances;
  let q = products(net, x, i, x, i);
  return Array.from({ length: net.depth }, (_, block) => {
    q = convolve(q, block === 0 ? net.padding : 1, weight, bias);
    const variance = equalPositions(q);
    q = { ...q, values: rectify(q, variance, variance).value };
    if (net.pooled) q = pool(q);
    return variance;
  });
}

function products(net: ConvolutionalLimit, x: Rows, i: number, y: Rows, j: number): Map64 {
  const [channels, height, width] = net.input;
  const count = height * width;
  const at = (rows: Rows, k: number, c: number, p: number) => rows.data[k * rows.length + c * count + p]!;
  const product = (p: number, q: number) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += at(x, i, c, p) * at(y, j, c, q);
    return sum / channels;
  };
  const values = net.pooled
    ? Float64Array.from({ length: count * count }, (_, k) => product(Math.floor(k / count), k % count))
    : Float64Array.from({ length: count }, (_, p) => product(p, p));
  return { height, width, pairs: net.pooled, values };
}

function convolve(map: Map64, padding: number, weight: number, bias: number): Map64 {
  const [height, width] = [map.height + 2 * padding - 2, map.width + 2 * padding - 2];
  const count = height * width;
  const source = (position: number, shift: number): number => {
    const row = Math.floor(position / width) + Math.floor(shift / 3) - padding;
    const column = (position % width) + (shift % 3) - padding;
    return row < 0 || row >= map.height || column < 0 || column >= map.width ? -1 : row * map.width + column;
  };
  const stride = map.height * map.width;
  const sum = (p: number, q: number) => {
    let total = 0;
    for (let shift = 0; shift < 9; shift++) {
      const [from, to] = [source(p, shift), source(q, shift)];
      if (from >= 0 && to >= 0) total += map.values[map.pairs ? from * stride + to : from]!;
    }
    return (weight * total) / 9 + bias;
  };
  const values = map.pairs
    ? Float64Array.from({ length: count * count }, (_, k) => sum(Math.floor(k / count), k % count))
    : Float64Array.from({ length: count }, (_, p) => sum(p, p));
  return { height, width, pairs: map.pairs, values };
}

function rectify(q: Map64, xx: Float64Array, yy: Float64Array): { value: Float64Array; derivative: Float64Array } {
  const value = new Float64Array(q.values.length);
  const derivative = new Float64Array(q.values.length);
  const count = q.height * q.width;
  q.values.forEach((v, k) => {
    const moments = q.pairs
      ? reluMoments64(v, xx[Math.floor(k / count)]!, yy[k % count]!)
      : reluMoments64(v, xx[k]!, yy[k]!);
    value[k] = moments.value;
    derivative[k] = moments.derivative;
  });
  return { value, derivative };
}

/** 2x2 means over both positions of every pair. */
function pool(map: Map64): Map64 {
  const [height, width] = [map.height >> 1, map.width >> 1];
  const [count, stride] = [height * width, map.height * map.width];
  const window = (position: number) => {
    const first = 2 * Math.floor(position / width) * map.width + 2 * (position % width);
    return [first, first + 1, first + map.width, first + map.width + 1];
  };
  const values = Float64Array.from({ length: count * count }, (_, k) => {
    let sum = 0;
    for (const p of window(Math.floor(k / count)))
      for (const q of window(k % count)) sum += map.values[p * stride + q]!;
    return sum / 16;
  });
  return { height, width, pairs: true, values };
}

const equalPositions = ({ height, width, pairs, values }: Map64): Float64Array =>
  pairs
    ? Float64Array.from({ length: height * width }, (_, p) => values[p * height * width + p]!)
    : Float64Array.from(values);

const meanOfEqual = (map: Map64): number => {
  const equal = equalPositions(map);
  return equal.reduce((a, b) => a + b, 0) / equal.length;
};
