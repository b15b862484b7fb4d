import { grad, lax, numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import { onnxruntimeNode } from "../executors/onnxruntime.node.ts";
import { randomKey } from "../random.ts";
import { size, type Tensor, tensor } from "../tensor.ts";

type A = np.Array;
type Padding = [[number, number], [number, number]];

const onnx = onnxruntimeNode({ threads: 1 });
const normal = (seed: number, ...shape: number[]) => tensor(randomKey(seed).normal(size(shape)), shape);
const kernel = normal(2, 100, 96, 3, 3);
const one: Padding = [
  [1, 1],
  [1, 1],
];
const none: Padding = [
  [0, 0],
  [0, 0],
];

/** An array in float64. */
interface Wide {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

const wide = (t: Tensor): Wide => ({ data: Float64Array.from(t.data), shape: t.shape });
const plus = (a: Wide, b: Wide): Wide => ({ data: a.data.map((v, i) => v + b.data[i]!), shape: a.shape });
const twice = (a: Wide): Wide => ({ data: a.data.map((v) => 2 * v), shape: a.shape });

/** Adds to `sum` the product of every pair of values that a convolution of x by w to y multiplies: by their indices. */
function pairs(
  x: readonly number[],
  y: readonly number[],
  pads: Padding,
  add: (x: number, w: number, y: number) => void,
) {
  const [n, c, h, width] = x as [number, number, number, number];
  const [, o, oh, ow] = y as [number, number, number, number];
  for (let i = 0; i < n; i++)
    for (let k = 0; k < o; k++)
      for (let q = 0; q < oh; q++)
        for (let r = 0; r < ow; r++)
          for (let u = 0; u < 3; u++)
            for (let v = 0; v < 3; v++) {
              const [s, t] = [q + u - pads[0][0], r + v - pads[1][0]];
              if (s < 0 || s >= h || t < 0 || t >= width) continue;
              for (let j = 0; j < c; j++)
                add(((i * c + j) * h + s) * width + t, ((k * c + j) * 3 + u) * 3 + v, ((i * o + k) * oh + q) * ow + r);
            }
}

const zeros = (shape: readonly number[]): Wide => ({ data: new Float64Array(size(shape)), shape });

function forward(x: Wide, w: Wide, pads: Padding): Wide {
  const side = (axis: 0 | 1) => x.shape[2 + axis]! + pads[axis][0] + pads[axis][1] - 2;
  const y = zeros([x.shape[0]!, w.shape[0]!, side(0), side(1)]);
  pairs(x.shape, y.shape, pads, (i, k, o) => {
    y.data[o]! += x.data[i]! * w.data[k]!;
  });
  return y;
}

function toImages(dy: Wide, w: Wide, shape: readonly number[], pads: Padding): Wide {
  const dx = zeros(shape);
  pairs(shape, dy.shape, pads, (i, k, o) => {
    dx.data[i]! += dy.data[o]! * w.data[k]!;
  });
  return dx;
}

function toWeights(x: Wide, dy: Wide, pads: Padding): Wide {
  const dw = zeros([dy.shape[1]!, x.shape[1]!, 3, 3]);
  pairs(x.shape, dy.shape, pads, (i, k, o) => {
    dw.data[k]! += x.data[i]! * dy.data[o]!;
  });
  return dw;
}

const conv = (pads: Padding) => (x: A, w: A) => lax.convGeneralDilated(x, w, [1, 1], pads);
const squares = (a: A) => np.sum(np.square(a));

interface Case {
  readonly name: string;
  readonly side: [number, number];
  readonly pads: Padding;
  readonly fn: (pads: Padding) => (x: A, w: A) => A;
  readonly truth: (x: Wide, w: Wide, pads: Padding) => Wide;
}

const toX = (pads: Padding) => (x: A, w: A) => grad((z: A) => squares(conv(pads)(z, w.ref)))(x);
const toW = (pads: Padding) => (x: A, w: A) => grad((k: A) => squares(conv(pads)(x.ref, k)))(w);

const cases: Case[] = [
  { name: "14 by 14", side: [14, 14], pads: one, fn: conv, truth: forward },
  { name: "7 by 10 without padding", side: [10, 7], pads: none, fn: conv, truth: forward },
  {
    name: "uneven and negative padding",
    side: [9, 8],
    pads: [
      [2, 0],
      [-1, 3],
    ],
    fn: conv,
    truth: forward,
  },
  {
    name: "gradient of the images",
    side: [7, 7],
    pads: one,
    fn: toX,
    truth: (x, w, pads) => toImages(twice(forward(x, w, pads)), w, x.shape, pads),
  },
  {
    name: "sum of two",
    side: [9, 8],
    pads: one,
    fn: (pads) => (x, w) => conv(pads)(x.ref, w.ref).add(conv(pads)(x.mul(2), np.flip(w, [2, 3]))),
    truth: (x, w, pads) => {
      const turned = { ...w, data: w.data.map((_, i) => w.data[i - (i % 9) + 8 - (i % 9)]!) };
      return plus(forward(x, w, pads), forward(twice(x), turned, pads));
    },
  },
  {
    name: "gradient of the weights, two parts of the images",
    side: [8, 8],
    pads: one,
    fn: (pads) => (x, w) => {
      const part = (k: A, from: number) => squares(conv(pads)(x.ref.slice([from, from + 3]), k));
      const dw = grad((k: A) => part(k.ref, 0).add(part(k, 3)))(w) as A;
      x.dispose();
      return dw;
    },
    truth: (x, w, pads) => toWeights(x, twice(forward(x, w, pads)), pads),
  },
  {
    name: "gradient of the weights",
    side: [7, 9],
    pads: one,
    fn: toW,
    truth: (x, w, pads) => toWeights(x, twice(forward(x, w, pads)), pads),
  },
  {
    name: "gradient of the weights without padding",
    side: [12, 12],
    pads: none,
    fn: toW,
    truth: (x, w, pads) => toWeights(x, twice(forward(x, w, pads)), pads),
  },
  {
    name: "gradient of a squared weight gradient",
    side: [8, 8],
    pads: one,
    fn: (pads) => (x, w) => grad((z: A) => squares(toW(pads)(z, w.ref)))(x),
    truth: (x, w, pads) => {
      const dy = twice(forward(x, w, pads));
      const along = twice(toWeights(x, dy, pads));
      return plus(toImages(dy, along, x.shape, pads), toImages(twice(forward(x, along, pads)), w, x.shape, pads));
    },
  },
];

describe("convolutions by tiles against direct sums in float64", () => {
  const images = 6;
  test.each(cases)("$name", async ({ side, pads, fn, truth }) => {
    const x = normal(1, images, 96, ...side);
    const found = (await compile(fn(pads), { executor: onnx, name: "tiles" })(x, kernel)) as Tensor;
    const expected = truth(wide(x), wide(kernel), pads);
    expect(found.shape).toEqual(expected.shape);
    const square = expected.data.reduce((sum, v) => sum + v * v, 0);
    const error = expected.data.reduce((sum, v, i) => sum + (v - found.data[i]!) ** 2, 0);
    expect(Math.sqrt(error / square)).toBeLessThan(2e-6);
    const largest = expected.data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    const worst = expected.data.reduce((m, v, i) => Math.max(m, Math.abs(v - found.data[i]!)), 0);
    expect(worst / largest).toBeLessThan(3e-6);
  });
});
