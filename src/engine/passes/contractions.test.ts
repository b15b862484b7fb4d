import { grad, numpy as np, tree } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { onnxruntimeNode } from "../executors/onnxruntime.node.ts";
import { oracle } from "../executors/oracle.ts";
import { isLiteral } from "../graph/graph.ts";
import { randomKey } from "../random.ts";
import { size, type Tensor, tensor } from "../tensor.ts";
import { trace } from "../trace.ts";
import { optimise } from "./index.ts";

type A = np.Array;
const normal = (seed: number, ...shape: number[]) => tensor(randomKey(seed).normal(size(shape)), shape);

/** The derivative in x of the squared derivative in w of Σ (x w)⁴. */
const second = (x: A, w: A) =>
  grad((z: A) => {
    const slope = grad((v: A) => np.sum(np.square(np.square(np.matmul(z.ref, v)))))(w.ref) as A;
    z.dispose();
    return np.sum(np.square(slope));
  })(x) as A;

test.each([
  ["of two matrices", normal(1, 5, 3), normal(2, 3, 4)],
  ["of many at once", normal(3, 2, 5, 3), normal(4, 2, 3, 4)],
])("a product %s: its second derivative is made of products, none of them only to be summed", async (_, x, w) => {
  const fn = (a: A, b: A) => {
    const result = second(a, b.ref);
    b.dispose();
    return result;
  };
  const run = (executor: ReturnType<typeof oracle>) => compile(fn, { executor })(x, w) as Promise<Tensor>;
  const [got, want] = [await run(onnxruntimeNode({ threads: 1 })), await run(oracle("cpu"))];
  const scale = Math.max(...Array.from(want.data, Math.abs));
  want.data.forEach((v, i) => {
    expect(Math.abs(got.data[i]! - v)).toBeLessThan(1e-5 * scale);
  });
  const [, structure] = tree.flatten([x, w] as never) as unknown as [unknown, { toString(): string }];
  const { graph } = await trace({ name: "test", fn: fn as never, structure, examples: [x, w] });
  const { nodes } = optimise(graph);
  const single = nodes.filter((n) => n.op === "dot" && n.inputs.every((a) => !isLiteral(a) && a.shape.at(-1) === 1));
  expect(single).toHaveLength(0);
});

test("an outer product that is needed itself, or summed where one side is the same everywhere, stays right", async () => {
  const fn = (a: A, b: A) => {
    const outer = np.matmul(a.reshape([4, 1]), b.reshape([1, 5]));
    return [np.sum(outer.ref, 0), np.sum(outer.ref, 1), np.sum(outer.ref), outer];
  };
  const args = [normal(7, 4), normal(8, 5)];
  const run = (executor: ReturnType<typeof oracle>) =>
    compile(fn, { executor })(...(args as [Tensor, Tensor])) as unknown as Promise<Tensor[]>;
  const [got, want] = [await run(onnxruntimeNode({ threads: 1 })), await run(oracle("cpu"))];
  want.forEach(({ data, shape }, k) => {
    expect(got[k]!.shape).toEqual(shape);
    data.forEach((v, i) => {
      expect(got[k]!.data[i]!).toBeCloseTo(v, 5);
    });
  });
});
