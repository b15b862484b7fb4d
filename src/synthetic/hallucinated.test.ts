import { numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import golden from "../../golden/tricks/hallucinated.json" with { type: "json" };
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../data/reader.ts";
import { compile, randomKey, resolveOptions, Tensor, valueAndGradients } from "../engine/index.ts";
import { hallucinated } from "./hallucinated.ts";
import { initialiseImages } from "./initialise.ts";
import type { TracedVariables } from "./space.ts";

const made = async (given: object, ipc = 2, shape?: readonly [number, number, number]) => {
  const data = await tinyDataset();
  const dataset = shape ? { ...data, shape, domain: { ...data.domain, shape } } : data;
  return {
    dataset,
    space: hallucinated.make(resolveOptions("space", hallucinated.options, given as never), dataset as never, ipc),
  };
};

const shapes = {
  bases: [1, 4, 2, 6, 5],
  first: [3, 3, 2, 3, 3],
  firstBias: [3, 3],
  scale: [3, 3, 4, 3],
  shift: [3, 3, 4, 3],
  last: [3, 2, 3, 3, 3],
  lastBias: [3, 2],
};
const variables: Record<string, Tensor> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape], i) => [name, formulaTensor(shape, i + 1)]),
);

describe("on the golden script's bases and hallucinators", async () => {
  const { space } = await made({ hallucinators: 3, channels: 3, bases: 4 }, 2, [2, 6, 5]);
  const pulled = compile((v: TracedVariables) => {
    const weights = formulaTensor([1, 12, 2, 6, 5], 20);
    const loss = (own: TracedVariables) => {
      const images = space.decode(own);
      const linear = np.array(weights.data as Float32Array, { shape: [...weights.shape] });
      return np.sum(images.ref.mul(linear).add(np.square(images).mul(0.5)));
    };
    const [value, [gradient]] = valueAndGradients(loss)(v);
    return { value, gradient };
  });
  const at = async (own: Record<string, Tensor>) =>
    (await pulled(own as never)) as unknown as { value: Tensor; gradient: Record<string, Tensor> };

  test("images are PyTorch's, every base through every hallucinator", async () => {
    const decode = compile((v: TracedVariables) => space.decode(v));
    const images = (await decode(variables as never)) as unknown as Tensor;
    expect(images.shape).toEqual([1, 12, 2, 6, 5]);
    for (const [i, v] of golden.hallucinator.images.entries()) expect(images.data[i]).toBeCloseTo(v, 4);
  });

  test("gradients in bases, scales, shifts and kernels are PyTorch's in float64", async () => {
    const { value, gradient } = await at(variables);
    expect(value.item() / golden.hallucinator.loss).toBeCloseTo(1, 5);
    for (const [name, wanted] of Object.entries(golden.hallucinator.gradients)) {
      const largest = Math.max(...wanted.map(Math.abs));
      for (const [i, g] of wanted.entries())
        expect(Math.abs(g - gradient[name]!.data[i]!) / largest, name).toBeLessThan(1e-5);
    }
  });

  test.each(Object.keys(shapes))("the gradient in %s is the slope", async (name) => {
    const along = formulaTensor(variables[name]!.shape, 50).data as Float32Array;
    const moved = (by: number) => ({
      ...variables,
      [name]: new Tensor(
        Float32Array.from(variables[name]!.data, (v, i) => v + by * along[i]!),
        variables[name]!.shape,
        "float32",
      ),
    });
    const step = 2e-2;
    const slope = ((await at(moved(step))).value.item() - (await at(moved(-step))).value.item()) / (2 * step);
    const { gradient } = await at(variables);
    const dot = along.reduce((sum: number, v: number, i: number) => sum + v * gradient[name]!.data[i]!, 0);
    expect(Math.abs(dot - slope)).toBeLessThan(5e-3 * Math.abs(slope) + 0.5);
  });
});

test.each([
  ["kernels of 1", { kernel: 1 }, [1, 8, 8]],
  ["kernels of 3, but for the frame", { kernel: 3 }, [1, 8, 8]],
  ["more channels between", { kernel: 3, channels: 4 }, [1, 8, 8]],
] as const)("without spread it starts as the images: %s", async (_, given, shape) => {
  const { dataset, space } = await made({ ...given, hallucinators: 2, bases: 1, spread: 0 }, 1, shape);
  const start = await space.initial({ name: "random" }, randomKey(7), readerOf(dataset));
  const grouped = { ...start, bases: start.bases!.reshape([3, 1, ...shape]) };
  const images = (await compile((v: TracedVariables) => space.decode(v))(grouped as never)) as unknown as Tensor;
  expect(images.shape).toEqual([3, 2, ...shape]);
  const real = await initialiseImages(readerOf(dataset), 1, { name: "random" }, randomKey(7));
  const cut = (given.kernel - 1) / 2;
  real.forEach((v, i) => {
    const [y, x] = [Math.floor(i / 8) % 8, i % 8];
    if (Math.min(y, x) < cut || Math.max(y, x) >= 8 - cut) return;
    for (const h of [0, 1]) expect(images.data[Math.floor(i / 64) * 128 + h * 64 + (i % 64)]).toBeCloseTo(v, 5);
  });
});

test("is stored as bases and hallucinators, counted number by number", async () => {
  const { dataset, space } = await made({ hallucinators: 3, bases: 2 });
  const start = await space.initial({ name: "noise" }, randomKey(0), readerOf(dataset));
  const floats = Object.values(start).reduce((sum, t) => sum + t.data.length, 0);
  expect(space.storedFloats).toBe(floats);
  expect(space.form).toEqual({ codes: 3 * 2 * 64, decoder: floats - 3 * 2 * 64 });
  expect(space).toMatchObject({ imagesPerClass: 6, renderings: 3 });
});

test("the authors' sizes: 5,568 numbers a hallucinator of 32x32 colours, 1,372 of 28x28 greys", () => {
  const options = resolveOptions("space", hallucinated.options, { hallucinators: 1, bases: 1 });
  const of = (shape: readonly [number, number, number]) =>
    hallucinated.extent(
      options,
      { name: "x", domain: { kind: "image", shape } as never, classes: ["a", "b"], whitened: false },
      1,
    ).form!.decoder;
  expect(of([3, 32, 32])).toBe(5568);
  expect(of([1, 28, 28])).toBe(1372);
});
