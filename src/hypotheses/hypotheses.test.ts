import { describe, expect, test } from "vitest";
import { compile, randomKey, size, type Tensor, tensor } from "../engine/index.ts";
import {
  accuracy,
  alexnet,
  buildNetwork,
  convnet,
  lenet,
  mlp,
  oneHot,
  parseNetwork,
  resnet18,
  sgd,
  train,
  vgg11,
} from "./index.ts";

const count = (params: Record<string, Record<string, Tensor>>) =>
  Object.values(params).reduce((n, layer) => n + Object.values(layer).reduce((m, t) => m + size(t.shape), 0), 0);

describe("networks", () => {
  test.each([
    [convnet(), [3, 32, 32], 10, 320010],
    [convnet(), [1, 28, 28], 10, 317706],
    [convnet(), [3, 32, 32], 100, 504420],
    [mlp(), [3, 32, 32], 10, 411146],
    [mlp(), [1, 28, 28], 10, 118282],
    [lenet(), [3, 32, 32], 10, 62006],
    [alexnet(), [3, 32, 32], 10, 1872202],
    [vgg11(), [3, 32, 32], 10, 9231114],
    [resnet18(), [3, 32, 32], 10, 11173962],
  ] as const)("%o on %o has the published number of parameters", (spec, input, classes, expected) => {
    expect(count(buildNetwork(spec, input, classes).init(randomKey(0)))).toBe(expected);
  });

  test.each([mlp(), lenet(), alexnet(), vgg11(), resnet18()].map((s) => [s.name, s] as const))(
    "%s runs",
    async (_, spec) => {
      const network = buildNetwork(spec, [1, 28, 28], 10);
      const logits = compile((p: never, x: never) => network.logits(p, x));
      const out = (await logits(
        network.init(randomKey(0)) as never,
        tensor(randomKey(1).normal(784), [1, 1, 28, 28]) as never,
      )) as unknown as Tensor;
      expect(out.shape).toEqual([1, 10]);
      expect(out.data.every(Number.isFinite)).toBe(true);
    },
  );

  test("the ConvNet refuses an input too small for its depth", () => {
    expect(() => buildNetwork(convnet({ depth: 4 }), [1, 8, 8], 10)).toThrow(/depth 4/);
  });

  test("names and options are read from text", () => {
    expect(parseNetwork("convnet:depth=2,width=16").options).toMatchObject({ depth: 2, width: 16 });
    expect(() => parseNetwork("convnt")).toThrow(/unknown network/);
    expect(() => parseNetwork("convnet:dept=2")).toThrow(/no option/);
  });
});

test("training separates two easy classes and is a function of its key", async () => {
  const n = 24;
  const images = randomKey(3).normal(n * 64);
  const labels = Int32Array.from({ length: n }, (_, i) => i % 2);
  for (let i = 0; i < n; i++) {
    const half = images.subarray(i * 64 + 32 * labels[i]!, i * 64 + 32 * labels[i]! + 32);
    half.set(half.map((v) => v + 1.5));
  }
  const network = buildNetwork(convnet({ depth: 1, width: 4 }), [1, 8, 8], 2);
  const set = { images, targets: oneHot(labels, 2) };
  const recipe = {
    epochs: 30,
    batch: 8,
    learningRate: 0.1,
    schedule: "step",
    optimizer: sgd({ momentum: 0.9 }),
  } as const;
  const first = await train(network, set, recipe, randomKey(4));
  const again = await train(network, set, recipe, randomKey(4));
  expect(again.losses).toEqual(first.losses);
  expect(first.losses.at(-1)).toBeLessThan(0.2);
  const right = await accuracy(network, first.params, [
    { images: tensor(images, [n, 1, 8, 8]), targets: tensor(set.targets, [n, 2]) },
  ]);
  expect(right).toBeGreaterThan(0.95);
});
