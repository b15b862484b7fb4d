import { grad, lax, nn, numpy as np, vmap } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import type { Executor } from "../executors/executor.ts";
import { onnxruntimeNode } from "../executors/onnxruntime.node.ts";
import { oracle } from "../executors/oracle.ts";
import { randomKey } from "../random.ts";
import { size, type Tensor, tensor } from "../tensor.ts";

const onnx = onnxruntimeNode({ threads: 1 });
const truth = oracle("cpu");

const normal = (seed: number, ...shape: number[]) => tensor(randomKey(seed).normal(size(shape)), shape);
const positive = (seed: number, ...shape: number[]) => tensor(randomKey(seed).uniform(size(shape), 0.2, 2), shape);
const integers = (seed: number, bound: number, ...shape: number[]) =>
  tensor(Int32Array.from(randomKey(seed).uniform(size(shape), 0, bound)), shape);

// biome-ignore lint/suspicious/noExplicitAny: the table mixes functions of every signature
type Case = [name: string, fn: (...args: any[]) => any, args: Tensor[]];
type A = np.Array;

const x = normal(1, 3, 4);
const y = normal(2, 3, 4);
const image = normal(3, 2, 3, 6, 6);
const kernel = normal(4, 5, 3, 3, 3);
const conv = (p: object) => (a: A, w: A) =>
  lax.convGeneralDilated(
    a,
    w,
    [1, 1],
    [
      [1, 1],
      [1, 1],
    ],
    p as never,
  );

const cases: Case[] = [
  ["add", (a: A, b: A) => a.add(b), [x, y]],
  ["sub", (a: A, b: A) => a.sub(b), [x, y]],
  ["mul with broadcasting", (a: A, b: A) => a.mul(b), [x, normal(5, 4)]],
  ["div", (a: A, b: A) => a.div(b), [x, positive(6, 3, 4)]],
  [
    "idiv and mod",
    (a: A, b: A) => [np.floorDivide(a.ref, b.ref), np.remainder(a, b)],
    [integers(7, 50, 9), tensor(Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))],
  ],
  ["min and max", (a: A, b: A) => [np.minimum(a.ref, b.ref), np.maximum(a, b)], [x, y]],
  ["negative", (a: A) => a.neg(), [x]],
  ["exp log sqrt", (a: A) => [np.exp(a.ref), np.log(a.ref), np.sqrt(a)], [positive(8, 5)]],
  [
    "sin cos asin atan",
    (a: A) => [np.sin(a.ref), np.cos(a.ref), np.arcsin(a.ref.mul(0.3)), np.arctan(a)],
    [tensor([-2, -0.5, 0, 0.7, 3])],
  ],
  [
    "acos, between two numbers",
    (a: A) => [np.acos(np.clip(a.ref, -1, 1)), np.clip(a.ref, -0.25, 1), np.minimum(np.maximum(a, 0), 1)],
    [tensor([-2, -1, -0.5, 0, 0.7, 1, 3])],
  ],
  ["floor ceil", (a: A) => [np.floor(a.ref), np.ceil(a)], [x]],
  ["reciprocal", (a: A) => np.reciprocal(a), [positive(9, 4)]],
  ["compare and where", (a: A, b: A) => np.where(np.less(a.ref, b.ref), a, b), [x, y]],
  ["cast", (a: A) => a.astype(np.int32).astype(np.float32), [x]],
  ["sum over an axis", (a: A) => np.sum(a, 1), [x]],
  ["mean over all", (a: A) => np.mean(a), [x]],
  ["sum of squares", (a: A) => np.sum(a.ref.mul(a), [0]), [x]],
  [
    "dots of large planes, of one with itself, and of one whose product is read again",
    (a: A, b: A) => {
      const again = a.ref.mul(3).mul(b.ref);
      return [np.sum(a.ref.mul(b), [2, 3]), np.sum(np.square(a), [2, 3]), np.sum(again.ref, [2, 3]), again];
    },
    [normal(50, 2, 3, 24, 25), normal(51, 2, 3, 24, 25)],
  ],
  [
    "dots of long rows, and of one with itself",
    (a: A, b: A) => [np.sum(a.ref.mul(b), 1), np.sum(np.square(a), 1)],
    [normal(52, 3, 700), normal(53, 3, 700)],
  ],
  ["max over an axis", (a: A) => np.max(a, 0), [x]],
  ["prod", (a: A) => np.prod(a, 1), [x]],
  ["sum of a broadcast", (a: A) => np.sum(np.broadcastTo(a, [5, 4]), 0), [normal(10, 4)]],
  [
    "every pixel four times, sixfold, along one axis, and of whole numbers",
    (a: A, i: A) => [
      np.broadcastTo(a.ref.reshape([2, 3, 6, 1, 6, 1]), [2, 3, 6, 2, 6, 2]).reshape([2, 3, 12, 12]),
      np.broadcastTo(a.ref.reshape([6, 6, 1, 6, 1]), [6, 6, 3, 6, 2]).add(1),
      np.broadcastTo(a.reshape([2, 3, 6, 6, 1]), [2, 3, 6, 6, 2]).reshape([2, 3, 6, 12]),
      np.broadcastTo(i.reshape([2, 2, 1, 3, 1]), [2, 2, 2, 3, 2]).reshape([2, 4, 6]),
    ],
    [image, integers(9, 7, 2, 2, 3)],
  ],
  ["broadcast and reshape", (a: A) => np.broadcastTo(a.reshape([3, 1, 4]), [3, 2, 4]).reshape([6, 4]), [x]],
  ["transpose", (a: A) => a.transpose(), [x]],
  ["flip", (a: A) => np.flip(a, [1]), [x]],
  [
    "slice and pad",
    (a: A) =>
      np.pad(a.slice([1, 3], [0, 2]), [
        [1, 0],
        [2, 1],
      ]),
    [x],
  ],
  ["concatenate", (a: A, b: A) => np.concatenate([a, b], 1), [x, y]],
  ["split", (a: A) => np.split(a, 2, 1), [x]],
  ["matmul", (a: A, b: A) => np.matmul(a, b), [x, normal(11, 4, 5)]],
  ["matmul batched", (a: A, b: A) => np.matmul(a, b), [normal(12, 2, 3, 4), normal(13, 2, 4, 5)]],
  ["matmul transposed", (a: A, b: A) => np.matmul(a.transpose(), b), [x, y]],
  [
    "contraction of a transposed operand",
    (a: A, b: A) => np.matmul(a, b.transpose([0, 2, 1])),
    [normal(14, 2, 3, 4), normal(15, 2, 5, 4)],
  ],
  [
    "multiples of products and of their operands",
    (a: A, b: A) => {
      const product = np.matmul(a.ref.mul(3), b.ref.transpose().mul(-0.5));
      const batched = np.matmul(a.reshape([1, 3, 4]).mul(2), b.reshape([3, 1, 4]).transpose([0, 2, 1]));
      return [product.ref.mul(4), product.add(1), batched.reshape([9]).mul(0.25)];
    },
    [x, y],
  ],
  [
    "products with a number, a row or an array added to them",
    (a: A, b: A, row: A, whole: A) => {
      const product = () => np.matmul(a.ref, b.ref);
      const tall = np.matmul(
        np
          .concatenate(
            Array.from({ length: 12 }, () => b.ref),
            1,
          )
          .transpose(),
        b.ref,
      );
      return [
        product().add(0.5),
        product().mul(2).mul(-0.5).add(row.ref),
        whole.ref.add(product().reshape([15]).mul(3).reshape([3, 5])),
        product().add(row.ref.reshape([1, 5])),
        product().add(whole.ref.slice([], [0, 1])),
        np.matmul(a.reshape([1, 3, 4]), b.reshape([1, 4, 5])).add(whole),
        tall.add(row),
      ];
    },
    [x, normal(11, 4, 5), normal(16, 5), normal(17, 3, 5)],
  ],
  [
    "multiples of products whose rows, or columns, are all alike, under another shape",
    (each: A, b: A) => {
      const [one, two, three, four, five] = np.split(each, 5, 0) as [A, A, A, A, A];
      const rows = (row: A) => np.matmul(np.broadcastTo(row, [6, 4]), b.ref);
      const columns = (row: A) => np.matmul(b.ref.transpose(), np.broadcastTo(row.reshape([4, 1]), [4, 6]));
      return [
        rows(one).reshape([6, 2, 2, 2]).mul(0.5),
        rows(two).reshape([2, 24]).mul(0.5),
        rows(three).reshape([6, 4, 2]).mul(3).reshape([2, 3, 8]).mul(0.5),
        columns(four).reshape([4, 2, 6]).mul(0.5),
        columns(five).reshape([48]).mul(0.5).add(np.sum(b)),
      ];
    },
    [normal(14, 5, 4), normal(15, 4, 8)],
  ],
  [
    "products whose rows are all alike, under another shape, with a number, a row or an array added",
    (each: A, b: A, plus: A) => {
      const [one, two, three, four, five] = np.split(each, 5, 0) as [A, A, A, A, A];
      const rows = (row: A) => np.matmul(np.broadcastTo(row, [6, 4]), b.ref);
      return [
        rows(one).reshape([6, 2, 2, 2]).add(0.5),
        rows(two).reshape([2, 24]).add(0.5),
        rows(three).reshape([2, 3, 8]).add(plus.ref),
        plus.ref.reshape([1, 8]).add(rows(four).reshape([48]).reshape([6, 8])),
        np.matmul(np.broadcastTo(five, [6, 4]), b).add(np.broadcastTo(plus, [6, 8])),
      ];
    },
    [normal(14, 5, 4), normal(15, 4, 8), normal(16, 8)],
  ],
  [
    "a multiple of a product of a transposed operand of many rows",
    (a: A, b: A) => np.matmul(a.mul(2).transpose(), b).mul(0.5),
    [normal(14, 3, 40), normal(15, 3, 5)],
  ],
  [
    "products with a factor spread over an axis, added to themselves",
    (a: A, s: A) => {
      const scaled = a.mul(np.broadcastTo(s.reshape([3, 1]), [3, 4]));
      return scaled.ref.add(scaled);
    },
    [x, normal(16, 3)],
  ],
  ["vector dot", (a: A, b: A) => np.dot(a, b), [normal(16, 4), normal(17, 4)]],
  [
    "gradient of matmul",
    (a: A, b: A) => grad((w: A) => np.sum(np.square(np.matmul(a.ref, w))))(b),
    [x, normal(18, 4, 5)],
  ],
  ["gather rows", (a: A, i: A) => a.slice(i), [x, integers(19, 3, 5)]],
  ["take along axis 1", (a: A, i: A) => np.take(a, i, 1), [x, integers(20, 4, 6)]],
  [
    "scatter through the gradient of gather",
    (a: A, i: A) => grad((z: A) => np.sum(np.square(z.slice(i.ref))))(a),
    [x, integers(21, 3, 5)],
  ],
  ["conv", conv({}), [image, kernel]],
  ["conv of 16 channels", conv({}), [normal(22, 2, 16, 8, 8), normal(23, 32, 16, 3, 3)]],
  ["conv to few channels", conv({}), [normal(22, 2, 32, 8, 7), normal(23, 3, 32, 3, 3)]],
  [
    "conv to one channel with padding and cropping",
    (a: A, w: A) =>
      lax.convGeneralDilated(
        a,
        w,
        [1, 1],
        [
          [-2, 1],
          [2, -1],
        ],
      ),
    [normal(22, 2, 40, 9, 8), normal(23, 1, 40, 3, 2)],
  ],
  ["conv strided", (a: A, w: A) => lax.convGeneralDilated(a, w, [2, 2], "VALID"), [image, kernel]],
  ["conv dilated by three along the last axis", conv({ lhsDilation: [1, 3] }), [image, kernel]],
  ["conv dilated", conv({ rhsDilation: [2, 2], lhsDilation: [2, 2] }), [image, kernel]],
  [
    "conv negative padding",
    (a: A, w: A) =>
      lax.convGeneralDilated(
        a,
        w,
        [1, 1],
        [
          [-1, 1],
          [2, -2],
        ],
      ),
    [image, kernel],
  ],
  [
    "conv grouped",
    (a: A, w: A) => lax.convGeneralDilated(a, w, [1, 1], "SAME", { featureGroupCount: 2 }),
    [normal(24, 2, 4, 5, 5), normal(25, 6, 2, 3, 3)],
  ],
  [
    "conv vmapped over kernels",
    (a: A, w: A) => vmap((k: A) => lax.convGeneralDilated(a.ref, k, [1, 1], "SAME"))(w),
    [image, normal(26, 4, 5, 3, 3, 3)],
  ],
  ["conv 1-d", (a: A, w: A) => lax.convGeneralDilated(a, w, [1], "SAME"), [normal(27, 2, 3, 9), normal(28, 4, 3, 3)]],
  [
    "weight gradient",
    (a: A, w: A) => grad((k: A) => np.sum(np.square(conv({})(a.ref, k))))(w),
    [normal(29, 4, 3, 8, 8), kernel],
  ],
  [
    "weight gradient strided",
    (a: A, w: A) =>
      grad((k: A) =>
        np.sum(
          np.square(
            lax.convGeneralDilated(
              a.ref,
              k,
              [2, 2],
              [
                [1, 1],
                [1, 1],
              ],
            ),
          ),
        ),
      )(w),
    [normal(30, 4, 3, 9, 9), kernel],
  ],
  ["data gradient", (a: A, w: A) => grad((z: A) => np.sum(np.square(conv({})(z, w.ref))))(a), [image, kernel]],
  [
    "double backward through a weight gradient",
    (a: A, w: A) => grad((z: A) => np.sum(np.square(grad((k: A) => np.sum(np.square(conv({})(z.ref, k))))(w.ref))))(a),
    [normal(31, 2, 3, 8, 8), kernel],
  ],
  [
    "average pooling and its gradient",
    (a: A) => grad((z: A) => np.sum(np.square(lax.reduceWindow(z, np.sum as never, [2, 2], [2, 2]))))(a),
    [image],
  ],
  [
    "a multiple of average pooling, and the gradient of its square",
    (a: A) => {
      const pooled = (z: A) => lax.reduceWindow(z, np.sum as never, [2, 2], [2, 2]).mul(0.25);
      return [pooled(a.ref).mul(2).mul(-3), grad((z: A) => np.sum(np.square(pooled(z))))(a)];
    },
    [image],
  ],
  [
    "max pooling and its gradient",
    (a: A) => grad((z: A) => np.sum(np.square(lax.reduceWindow(z, np.max as never, [2, 2], [2, 2]))))(a),
    [image],
  ],
  [
    "overlapping pooling and its gradient",
    (a: A) => grad((z: A) => np.sum(np.square(lax.reduceWindow(z, np.sum as never, [3, 3], [2, 2]))))(a),
    [image],
  ],
  [
    "instance normalisation",
    (a: A, g: A, b: A) => {
      const centred = a.ref.sub(np.mean(a, [2, 3], { keepdims: true }));
      const variance = np.mean(centred.ref.mul(centred.ref), [2, 3], { keepdims: true });
      const scale = g.reshape([1, 3, 1, 1]).mul(np.reciprocal(np.sqrt(variance.add(1e-5))));
      return centred.mul(scale).add(b.reshape([1, 3, 1, 1]));
    },
    [image, normal(40, 3), normal(41, 3)],
  ],
  ["relu and its gradient", (a: A) => grad((z: A) => np.sum(np.square(nn.relu(z))))(a), [x]],
  ["log softmax and its gradient", (a: A) => grad((z: A) => np.sum(np.square(nn.logSoftmax(z))))(a), [x]],
];

describe("every lowering agrees with jax-js", () => {
  test.each(cases)("%s", async (name, fn, args) => {
    const run = (executor: Executor) =>
      (compile(fn, { executor, name }) as unknown as (...a: Tensor[]) => Promise<Tensor | Tensor[]>)(...args);
    const mine = await run(onnx);
    const theirs = await run(truth);
    const [got, expected] = [[mine].flat(), [theirs].flat()];
    expect(got.map((t) => [t.dtype, t.shape])).toEqual(expected.map((t) => [t.dtype, t.shape]));
    got.forEach((t, k) => {
      const scale = Math.max(1e-6, ...Array.from(expected[k]!.data, Math.abs));
      t.data.forEach((v, i) => {
        expect(Math.abs(v - expected[k]!.data[i]!) / scale).toBeLessThan(3e-6);
      });
    });
  });
});
