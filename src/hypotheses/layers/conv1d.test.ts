import type { Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile, gradientOf, randomKey, Tensor, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";
import { buildNetwork, parseNetwork } from "../networks/index.ts";
import { conv1d, pool1d } from "./conv1d.ts";

const pass = { moments: "batch" } as const;
const series = (values: number[][][]) =>
  tensor(Float32Array.from(values.flat(2)), [values.length, values[0]!.length, values[0]![0]!.length, 1]);

test("a convolution over time is a sum of products with what lies under the kernel, zeros beyond the ends", async () => {
  const layer = conv1d("c", 2, 3)([2, 4, 1]);
  expect(layer.output).toEqual([2, 4, 1]);
  // The first output is the first input's left neighbour, the second the sum of what lies under the kernel in both, and one.
  const weight = tensor(Float32Array.of(1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1), [2, 2, 3]);
  const params = { c: { weight, bias: tensor(Float32Array.of(0, 1), [2]) } };
  const run = compile((p: TracedParams, x: Traced) => layer.apply(p, x, pass), { name: "convolution" });
  const y = await run(
    params,
    series([
      [
        [1, 2, 3, 4],
        [10, 20, 30, 40],
      ],
    ]),
  );
  expect([...y.data]).toEqual([0, 1, 2, 3, 34, 67, 100, 78]);
  run.dispose();
});

test.each([
  ["avg", [1.5, 3.5, 15, 35]],
  ["max", [2, 4, 20, 40]],
  ["none", [1, 2, 3, 4, 9, 10, 20, 30, 40, 90]],
] as const)("pooling by %s halves the time and drops an odd last one", async (kind, wanted) => {
  const layer = pool1d("p", kind)([2, 5, 1]);
  const run = compile((x: Traced) => layer.apply({}, x, pass), { name: "pooling" });
  const y = await run(
    series([
      [
        [1, 2, 3, 4, 9],
        [10, 20, 30, 40, 90],
      ],
    ]),
  );
  expect([y.shape, [...y.data]]).toEqual([[1, ...layer.output], wanted]);
  run.dispose();
});

describe("the ConvNet over time", () => {
  test("has the parameters of its layers", () => {
    const network = buildNetwork(parseNetwork("convnet1d:depth=2,width=8,reach=2"), [3, 20, 1], 4);
    const sizes = Object.values(network.init(randomKey(0))).flatMap((layer) =>
      Object.values(layer).map((t) => t.data.length),
    );
    const [first, second, head] = [8 * 3 * 5 + 8 + 16, 8 * 8 * 5 + 8 + 16, 4 * 40 + 4];
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(first + second + head);
    expect(network.features).toBe(40);
  });

  test("has the slope of its outputs for gradient", async () => {
    const network = buildNetwork(parseNetwork("convnet1d:depth=2,width=4,activation=swish"), [2, 8, 1], 3);
    const params = network.init(randomKey(1));
    const x = tensor(randomKey(2).normal(16), [1, 2, 8, 1]);
    const value = compile((p: TracedParams, at: Traced) => network.logits(p, at).sum(), { name: "value" });
    const slope = compile(
      (p: TracedParams, at: Traced) => gradientOf((own: Traced) => network.logits(p, own).sum())(at),
      {
        name: "slope",
      },
    );
    const gradient = (await slope(params, x)).data;
    const along = randomKey(3).normal(16);
    const at = async (by: number) =>
      (
        await value(
          params,
          new Tensor(
            (x.data as Float32Array).map((v, i) => v + by * along[i]!),
            x.shape,
            "float32",
          ),
        )
      ).item();
    const h = 1e-2;
    const measured = ((await at(h)) - (await at(-h))) / (2 * h);
    expect(along.reduce((sum, v, i) => sum + v * gradient[i]!, 0)).toBeCloseTo(measured, 3);
    for (const own of [value, slope]) own.dispose();
  });

  test("refuses a series that is too short, and samples that are none are refused before", () => {
    const build = () => buildNetwork(parseNetwork("convnet1d"), [1, 7, 1], 2);
    expect(build).toThrow(/network convnet1d does not admit series of 7: its depth of 3 halves/);
  });
});

test("a linear model has its head alone, and the sample for embedding", async () => {
  const network = buildNetwork(parseNetwork("linear"), [5, 1, 1], 2);
  expect(network.features).toBe(5);
  expect(Object.keys(network.shapes)).toEqual(["head"]);
  const head = {
    weight: tensor(
      Float32Array.from({ length: 10 }, (_, i) => i),
      [2, 5],
    ),
    bias: tensor(Float32Array.of(1, 2), [2]),
  };
  const run = compile((p: TracedParams, x: Traced) => network.logits(p, x), { name: "linear" });
  const y = await run({ head }, tensor(Float32Array.of(1, 0, 0, 0, 2), [1, 5, 1, 1]));
  expect([...y.data]).toEqual([9, 25]);
  run.dispose();
});
