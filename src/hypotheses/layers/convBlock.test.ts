import { grad, numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile, randomKey, type Tensor, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";
import { type ConvBlockOptions, convBlock, plainBlock } from "./convBlock.ts";
import type { Stage } from "./stage.ts";

type Shape = readonly [number, number, number];
const block = {
  channels: 5,
  kernel: 3,
  padding: 1,
  normalisation: "instance",
  activation: "relu",
  pooling: "avg",
} as const;
const normal = (seed: number, shape: readonly number[]) =>
  tensor(randomKey(seed).normal(shape.reduce((a, b) => a * b, 1)), [...shape]);

const cases: [name: string, options: ConvBlockOptions, input: Shape][] = [
  ["one channel", block, [1, 6, 8]],
  ["three channels", block, [3, 4, 6]],
  ["more padding", { ...block, padding: 3 }, [1, 6, 6]],
  ["a kernel of five", { ...block, kernel: 5, padding: 2 }, [1, 8, 6]],
  ["an even kernel", { ...block, kernel: 2 }, [2, 5, 7]],
  ["odd sides", block, [1, 7, 5]],
  ["no bias", { ...block, bias: false }, [1, 6, 6]],
  ["another activation", { ...block, activation: "softplus" }, [1, 6, 6]],
  ["maximum pooling", { ...block, pooling: "max" }, [1, 6, 6]],
  ["no pooling", { ...block, pooling: "none" }, [3, 5, 6]],
];

/** The block's output, its activations, the gradients of a loss, and the images' gradient of those. */
function everything(stage: Stage) {
  const pass = { moments: "batch" } as const;
  const value = (p: TracedParams, x: Traced) => stage.apply(p, x, pass);
  const loss = (p: TracedParams, x: Traced) => np.sum(np.sin(value(p, x)));
  const squares = (g: unknown) =>
    (tree.leaves(g as never) as unknown as Traced[]).map((leaf) => np.sum(np.square(leaf))).reduce((a, b) => a.add(b));
  return compile((p: TracedParams, x: Traced) => {
    const params = () => tree.ref(p as never) as TracedParams;
    const activations: Traced[] = [];
    stage.apply(params(), x.ref, { ...pass, activations }).dispose();
    const both = grad(loss, { argnums: [0, 1] }) as unknown as (q: TracedParams, z: Traced) => unknown;
    const gradients = both(params(), x.ref);
    const second = grad((z: Traced) => squares(grad((q: TracedParams) => loss(q, z))(params())))(x.ref);
    return { value: value(p, x), activations, gradients, second } as never;
  });
}

test.each(cases)("%s: the four stages, their gradients and second derivatives", async (_, options, input) => {
  const [made, wanted] = [convBlock(1, options)(input), plainBlock(1, options)(input)];
  expect(made.output).toEqual(wanted.output);
  expect(made.parameters).toEqual(wanted.parameters);
  const params = Object.fromEntries(
    Object.entries(wanted.parameters).map(([layer, tensors], i) => [
      layer,
      Object.fromEntries(Object.entries(tensors).map(([name, { shape }], j) => [name, normal(10 * i + j, shape)])),
    ]),
  );
  const images = normal(99, [3, ...input]);
  const run = async (stage: Stage) =>
    tree.leaves((await everything(stage)(params as never, images as never)) as never) as unknown as Tensor[];
  const [got, expected] = [await run(made), await run(wanted)];
  expect(got.map((t) => t.shape)).toEqual(expected.map((t) => t.shape));
  const scale = (t: Tensor) => Math.max(1, ...Array.from(t.data, Math.abs));
  expected.forEach((t, k) => {
    t.data.forEach((v, i) => {
      expect(Math.abs(got[k]!.data[i]! - v)).toBeLessThan(2e-5 * scale(t));
    });
  });
});

test("a flat image and one of large numbers have finite results, as by the four stages", async () => {
  const images = tensor(
    Float32Array.from({ length: 3 * 36 }, (_, i) => [0.5, 1e4, 1e4 + (i % 7)][Math.floor(i / 36)]!),
    [3, 1, 6, 6],
  );
  const params = {
    conv1: { weight: normal(1, [5, 1, 3, 3]), bias: normal(2, [5]) },
    norm1: { weight: normal(3, [5]), bias: normal(4, [5]) },
  };
  const options = { ...block, padding: 0 };
  const run = (stage: Stage) =>
    compile((p: TracedParams, x: Traced) => stage.apply(p, x, { moments: "batch" }))(params as never, images);
  const [got, expected] = [await run(convBlock(1, options)([1, 6, 6])), await run(plainBlock(1, options)([1, 6, 6]))];
  got.data.forEach((v, i) => {
    expect(Math.abs(v - expected.data[i]!)).toBeLessThan(0.02);
  });
});
