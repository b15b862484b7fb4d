import { grad, lax, numpy as np, tree } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import type { Executor } from "../executors/executor.ts";
import { onnxruntimeNode } from "../executors/onnxruntime.node.ts";
import { oracle } from "../executors/oracle.ts";
import { type Graph, producedBy } from "../graph/graph.ts";
import { randomKey } from "../random.ts";
import { size, type Tensor, tensor } from "../tensor.ts";
import { trace } from "../trace.ts";
import { optimise } from "./index.ts";

type A = np.Array;
type Fn = (...args: A[]) => A | A[];

const normal = (seed: number, ...shape: number[]) => tensor(randomKey(seed).normal(size(shape)), shape);
const images = [normal(1, 3, 4, 6, 5), normal(2, 3, 4, 6, 5)];
const perPlane = normal(3, 3, 4, 1, 1);
const perChannel = normal(4, 1, 4, 1, 1);

/** Instance normalisation as the networks write it, x consumed. */
const normalise = (x: A, weight: A, bias: A) => {
  const centred = x.ref.sub(np.mean(x, [2, 3], { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), [2, 3], { keepdims: true });
  return centred.mul(np.reciprocal(np.sqrt(variance.add(1e-5))).mul(weight)).add(bias);
};
const loss = (x: A, weight: A, bias: A, y: A) => np.sum(np.square(np.maximum(normalise(x, weight, bias), 0).sub(y)));

const cases: [name: string, fn: Fn, args: Tensor[]][] = [
  ["x · s + b per image", (x, s, b) => x.mul(s.ref).add(s.mul(b)), [images[0]!, perPlane, perChannel]],
  ["x · s + b per channel", (x, s) => x.mul(s.ref).add(s), [images[0]!, perChannel]],
  ["like terms", (x, s) => x.ref.mul(s.ref).add(s.mul(x.ref)).sub(x), [images[0]!, perPlane]],
  ["terms that cancel", (x) => x.ref.sub(x).add(1), [images[0]!]],
  [
    "an array read by a linear and another operator",
    (x, y, s) => {
      const z = x.mul(s).add(y);
      return [np.exp(z.ref), z.ref.add(1), np.sum(z, [2, 3])];
    },
    [...images, perPlane],
  ],
  [
    "sums over planes and over images of a linear form",
    (x, y, s) => {
      const z = x.mul(s.ref).add(y.mul(-2)).sub(s);
      return [np.sum(z.ref, [2, 3]), np.sum(z.ref, [0, 2, 3]), np.mean(z, [2, 3], { keepdims: true })];
    },
    [...images, perPlane],
  ],
  ["a constant's planes", (x, s) => [np.sum(x.mul(0).add(s), [2, 3])], [images[0]!, perChannel]],
  ["a scaled sum", (x, y, s) => x.add(y).mul(s.ref).mul(s).neg(), [...images, perPlane]],
  [
    "instance normalisation's gradients",
    (x, w, b, y) => grad(loss, { argnums: [0, 1, 2] })(x, w, b, y) as unknown as A[],
    [images[0]!, perChannel, normal(5, 1, 4, 1, 1), images[1]!],
  ],
  [
    "instance normalisation's second derivative",
    (x, w, b, y) => {
      const inner = (v: A, y: A) => np.sum(np.square(grad(loss)(v, w.ref, b.ref, y)));
      const g = grad(inner)(x, y) as A;
      w.dispose();
      b.dispose();
      return g;
    },
    [images[0]!, perChannel, normal(5, 1, 4, 1, 1), images[1]!],
  ],
];

test.each(cases)("%s", async (_, fn, args) => {
  const list = (...a: A[]) => [fn(...a)].flat() as A[];
  const run = (executor: Executor) => compile(list, { executor })(...args) as Promise<Tensor[]>;
  const got = await run(onnxruntimeNode({ threads: 1 }));
  const want = await run(oracle("cpu"));
  for (const [k, { data, shape }] of want.entries()) {
    expect(got[k]!.shape).toEqual(shape);
    const scale = Math.max(1e-3, ...Array.from(data, Math.abs));
    for (let i = 0; i < data.length; i++) expect(Math.abs(got[k]!.data[i]! - data[i]!)).toBeLessThan(1e-5 * scale);
  }
});

async function optimised(fn: Fn, args: Tensor[]): Promise<Graph> {
  const [, structure] = tree.flatten(args as never) as unknown as [unknown, { toString(): string }];
  const { graph } = await trace({ name: "test", fn: fn as never, structure, examples: args });
  return optimise(graph);
}

describe("the graph", () => {
  test("normalisation and its gradient read whole arrays as seldom as the formula allows", async () => {
    const [, fn, args] = cases.at(-2)!;
    const graph = await optimised(fn, args);
    const passes = graph.nodes.filter(({ inputs, outputs }) =>
      [...inputs, ...outputs].some((a) => a.shape.length === 4 && a.shape[2] === 6 && a.shape[3] === 5),
    );
    // mean, centring, variance (square and sum), affine, relu and its mask, difference, mask · difference twice scaled,
    // its sum, its product with the centred planes, that one's sum, and affine + product + sum for the result.
    expect(passes.length).toBeLessThanOrEqual(17);
  });

  test("a sum of two convolutions stays one, and sums over its planes read it", async () => {
    const conv = (x: A, w: A) => lax.convGeneralDilated(x, w, [1, 1], "SAME");
    const fn: Fn = (x, y, w, v, s) => {
      const z = conv(x, w).add(conv(y, v));
      return [np.sum(z.ref, [2, 3]), z.mul(s)];
    };
    const kernels = [normal(6, 4, 4, 3, 3), normal(7, 4, 4, 3, 3)];
    const { nodes } = await optimised(fn, [...images, ...kernels, perPlane]);
    const [sum, ...others] = nodes.filter((n) => n.op === "add");
    expect(others).toHaveLength(0);
    expect(sum!.inputs.map((a) => producedBy(a, "conv")?.op)).toEqual(["conv", "conv"]);
    const sums = nodes.filter((n) => n.op === "reduce");
    expect(sums.map((n) => n.inputs[0])).toEqual([sum!.outputs[0]]);
  });

  test("values keep numbers of their own through all passes", async () => {
    for (const [, fn, args] of cases.slice(-2)) {
      const graph = await optimised(fn, args);
      const ids = [...graph.inputs, ...graph.nodes.flatMap((n) => n.outputs)].map((v) => v.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
