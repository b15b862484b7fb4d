import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttarError, compile, randomKey, size, type Tensor, tensor, zeros } from "../../engine/index.ts";
import type { NetworkSpec, TracedParams } from "../network.ts";
import { alexnet, buildNetwork, convnet, lenet, mlp, networkText, parseNetwork, resnet18, vgg11 } from "./index.ts";

type Input = readonly [number, number, number];
const mnist: Input = [1, 28, 28];
const cifar: Input = [3, 32, 32];
const digits: Input = [1, 8, 8];

function count(spec: NetworkSpec, input: Input, classes = 10): number {
  const params = buildNetwork(spec, input, classes).init(randomKey(0));
  return Object.values(params)
    .flatMap((layer) => Object.values(layer))
    .reduce((n, t) => n + size(t.shape), 0);
}

const refusal = (run: () => unknown): AttarError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AttarError);
    return error as AttarError;
  }
  throw new Error("nothing was refused");
};

describe("parameter counts are the field's", () => {
  test.each([
    ["ConvNet", convnet(), cifar, 10, 320_010],
    ["ConvNet on MNIST", convnet(), mnist, 10, 317_706],
    ["ConvNet of doubling width", convnet({ growth: 2, normalisation: "none" }), mnist, 10, 1_558_538],
    ["ConvNet with 100 classes", convnet(), cifar, 100, 504_420],
    ["MLP", mlp(), cifar, 10, 411_146],
    ["MLP on MNIST", mlp(), mnist, 10, 118_282],
    ["LeNet", lenet(), cifar, 10, 62_006],
    ["AlexNet", alexnet(), cifar, 10, 1_872_202],
    ["VGG-11", vgg11(), cifar, 10, 9_231_114],
    ["ResNet-18", resnet18(), cifar, 10, 11_173_962],
  ] as const)("%s", (_name, spec, input, classes, expected) => {
    expect(count(spec, input, classes)).toBe(expected);
  });
});

describe("embedding sizes", () => {
  test.each([
    [convnet(), mnist, 2048],
    [convnet(), cifar, 2048],
    [convnet(), digits, 128],
    [mlp(), digits, 128],
    [lenet(), mnist, 84],
    [alexnet(), mnist, 3072],
    [alexnet(), digits, 192],
    [vgg11(), mnist, 512],
    [resnet18(), mnist, 512],
  ] as const)("%o on %o", (spec, input, features) => {
    expect(buildNetwork(spec, input, 10).features).toBe(features);
  });
});

test("every architecture differentiates and returns one row of logits per image", async () => {
  for (const spec of [convnet({ width: 4 }), mlp({ width: 4 }), lenet()]) {
    const network = buildNetwork(spec, [1, 12, 12], 3);
    const images = zeros([2, 1, 12, 12]);
    const params = network.init(randomKey(1));
    const logits = await compile((p: TracedParams, x: Traced) => network.logits(p, x))(params, images);
    expect(logits.shape).toEqual([2, 3]);
    const features = await compile((p: TracedParams, x: Traced) => network.embed(p, x))(params, images);
    expect(features.shape).toEqual([2, network.features]);
    const gradient = compile((p: TracedParams, x: Traced) =>
      grad((q: TracedParams) => np.sum(np.square(network.logits(q, x.ref))))(p),
    );
    expect(Object.keys(await gradient(params, images))).toEqual(Object.keys(params));
  }
});

test("residual blocks, projections and global pooling run", async () => {
  const network = buildNetwork(resnet18(), [1, 16, 16], 3);
  const run = compile((p: TracedParams, x: Traced) => network.logits(p, x));
  const logits = await run(network.init(randomKey(1)), zeros([1, 1, 16, 16]));
  expect(logits.shape).toEqual([1, 3]);
  expect([...logits.data].every(Number.isFinite)).toBe(true);
});

test("initial weights are uniform in ±1/√(fan in), norms start at 1 and 0, and layers differ", () => {
  const params = buildNetwork(convnet(), cifar, 10).init(randomKey(3));
  const weight = params.conv2!.weight!.data as Float32Array;
  const bound = 1 / Math.sqrt(128 * 9);
  const extreme = weight.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  expect(extreme).toBeLessThanOrEqual(bound);
  expect(extreme).toBeGreaterThan(0.999 * bound);
  const variance = weight.reduce((s, v) => s + v * v, 0) / weight.length;
  expect(variance / (bound * bound)).toBeCloseTo(1 / 3, 2);
  expect(new Set(params.norm1!.weight!.data)).toEqual(new Set([1]));
  expect(new Set(params.norm1!.bias!.data)).toEqual(new Set([0]));
  expect(params.conv2!.weight!.data[0]).not.toBe(params.conv3!.weight!.data[0]);
});

test.each([
  ["lecun-normal", 1],
  ["he-normal", 2],
] as const)(
  "%s: variance %i/(fan in), cut at two deviations of the uncut law, biases 0, norms at 1 and 0",
  (law, factor) => {
    const params = buildNetwork(convnet({ initialisation: law }), cifar, 10).init(randomKey(3));
    const weight = params.conv2!.weight!.data as Float32Array;
    const deviation = Math.sqrt(factor / (128 * 9));
    const extreme = weight.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    expect(extreme).toBeLessThanOrEqual((2 / 0.87962) * deviation);
    expect(extreme).toBeGreaterThan(2.25 * deviation);
    const moment = (k: number) => weight.reduce((s, v) => s + (v / deviation) ** k, 0) / weight.length;
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 2);
    // Of the normal law cut at ±2, by numerical integration.
    expect(moment(4)).toBeCloseTo(2.3658, 1);
    expect(new Set(params.conv2!.bias!.data)).toEqual(new Set([0]));
    expect(new Set(params.head!.bias!.data)).toEqual(new Set([0]));
    expect(new Set(params.norm1!.weight!.data)).toEqual(new Set([1]));
  },
);

describe("texts", () => {
  test("a text with options is a spec with every option", () => {
    expect(parseNetwork("convnet:depth=2, width=64,normalisation=batch")).toEqual(
      convnet({ depth: 2, width: 64, normalisation: "batch" }),
    );
    expect(parseNetwork("MLP")).toEqual(mlp());
  });

  test("text and spec are inverse", () => {
    const specs = fc.record({
      depth: fc.integer({ min: 1, max: 16 }),
      width: fc.integer({ min: 1, max: 4096 }),
      pooling: fc.constantFrom("avg" as const, "max" as const, "none" as const),
    });
    fc.assert(
      fc.property(specs, (options) => {
        expect(parseNetwork(networkText(convnet(options)))).toEqual(convnet(options));
      }),
    );
    expect(networkText(convnet())).toBe("convnet");
    expect(networkText(convnet({ depth: 2 }))).toBe("convnet:depth=2");
  });

  test("any text gives a spec or one clear error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `convnet:${s}`),
        ),
        (text) => {
          try {
            parseNetwork(text);
          } catch (error) {
            expect(error).toBeInstanceOf(AttarError);
          }
        },
      ),
    );
  });
});

describe("refusals say what is wrong and what to type", () => {
  test.each([
    [() => parseNetwork("convnte"), "unknown-network", "Did you mean convnet?"],
    [() => parseNetwork("convnet:dept=2"), "unknown-option", "Did you mean depth?"],
    [() => parseNetwork("lenet:depth=2"), "unknown-option", "lenet has no options"],
    [() => parseNetwork("convnet:depth=two"), "invalid-option", "convnet:depth=3"],
    [() => parseNetwork("convnet:depth=0"), "invalid-option", "convnet:depth=3"],
    [() => parseNetwork("convnet:normalisation=batchnorm"), "invalid-option", "convnet:normalisation="],
    [() => parseNetwork("convnet:depth"), "invalid-network", "name=value"],
    [() => buildNetwork(convnet({ depth: 4 }), digits, 10), "input-too-small", "convnet:depth=3"],
    [() => buildNetwork(lenet(), digits, 10), "input-too-small", "convnet:depth=1"],
    [() => buildNetwork(vgg11(), digits, 10), "input-too-small", "mlp"],
    [() => buildNetwork(resnet18(), digits, 10), "input-too-small", "mlp"],
    [() => buildNetwork(convnet({ normalisation: "group", width: 6 }), cifar, 10), "invalid-option", "multiple of 4"],
  ])("%s", (run, code, hint) => {
    const error = refusal(run);
    expect(error.code).toBe(code);
    expect(error.hint).toContain(hint);
    expect(error.exitCode).toBe(2);
  });

  test("an input too small for the architecture names both", () => {
    const error = refusal(() => buildNetwork(convnet({ depth: 4 }), digits, 10));
    expect(error.message).toBe(
      "network convnet does not admit 8x8 images: its depth of 4 halves the image 4 times, and 8x8 can be halved 3 times",
    );
  });
});

describe("activations", () => {
  const shapesOf = async (spec: NetworkSpec, input: Input) => {
    const network = buildNetwork(spec, input, 10);
    const run = compile((params: TracedParams, images: Traced) => network.activations(params, images));
    const images = randomKey(2).normal(2 * size(input));
    return (await run(network.init(randomKey(1)), tensor(images, [2, ...input]))) as unknown as Tensor[];
  };

  test("are collected in order, before pooling", async () => {
    const found = await shapesOf(convnet({ width: 4 }), mnist);
    expect(found.map((t) => t.shape)).toEqual([
      [2, 4, 32, 32],
      [2, 4, 16, 16],
      [2, 4, 8, 8],
    ]);
    for (const { data } of found) {
      expect(Math.min(...data)).toBe(0);
      expect(Math.max(...data)).toBeGreaterThan(0);
    }
  });

  test("of linear layers are rows; the last one is the embedding", async () => {
    const network = buildNetwork(mlp({ width: 5 }), digits, 10);
    const found = await shapesOf(mlp({ width: 5 }), digits);
    expect(found.map((t) => t.shape)).toEqual([
      [2, 5],
      [2, 5],
    ]);
    const embed = compile((params: TracedParams, images: Traced) => network.embed(params, images));
    const images = tensor(randomKey(2).normal(2 * 64), [2, ...digits]);
    expect(found[1]).toEqual(await embed(network.init(randomKey(1)), images));
  });
});
