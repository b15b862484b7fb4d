import { expect, test } from "vitest";
import { cheapRun } from "../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { toPixels } from "../../attacks/index.ts";
import type { Dataset } from "../../data/dataset.ts";
import { infoOf } from "../../data/datasetInfo.ts";
import { readerOf } from "../../data/reader.ts";
import { type OptionValue, randomKey } from "../../engine/index.ts";
import { fullyConnectedKernel, kernelRidge, oneHot, parseNetwork } from "../../hypotheses/index.ts";
import { isBilevel, methodNamed, methods } from "../../methods/index.ts";
import { condense, resolveConfiguration } from "../index.ts";
import { Loop } from "../loop.ts";
import { setup } from "../setup.ts";
import { adversaryOf } from "./adversary.ts";

const options = { ipc: 1, realBatch: 4, steps: 6, augmentation: "none" };

const configured = (
  dataset: Dataset,
  method: string,
  settings: Record<string, OptionValue>,
  initialisation = "random",
) =>
  resolveConfiguration(dataset, methodNamed(method), {
    ...options,
    initialisation,
    ...(methodNamed(method).hypotheses.name !== "none" && { network: parseNetwork("mlp:width=8,depth=1") }),
    settings,
  });

/** Loss and gradient of the first step, or of a later one at the state of the first. */
async function lossOf(dataset: Dataset, method: string, settings: Record<string, OptionValue>, step = 5) {
  const loop = new Loop(readerOf(dataset), configured(dataset, method, settings));
  const { slots } = await loop.start();
  const { loss, gradient } = await loop.lossAt({ step, slots });
  loop.dispose();
  return { loss, gradient: Array.from(gradient.images!.data) };
}

test.each([
  ["dm", {}],
  ["dc", {}],
  ["robdc", { "solver.steps": 2 }],
  ["adv-kip", {}],
] as const)("%s: a radius of 0 is no adversary, bit by bit; a larger one changes the loss", async (method, more) => {
  const dataset = await tinyDataset();
  const none = await lossOf(dataset, method, { ...more, "tricks.adversarial": "none" });
  expect(await lossOf(dataset, method, { ...more, "tricks.adversarial": 0 })).toEqual(none);
  const near = await lossOf(dataset, method, { ...more, "tricks.adversarial.radius": 0.05 });
  const far = await lossOf(dataset, method, { ...more, "tricks.adversarial.radius": 0.3 });
  expect(near.loss).not.toBe(none.loss);
  // What is solved for is the loss that the adversary raises.
  if (method === "robdc" || method === "adv-kip") {
    expect(near.loss).toBeGreaterThan(none.loss);
    expect(far.loss).toBeGreaterThan(near.loss);
  }
  expect(far.gradient.every(Number.isFinite)).toBe(true);
});

test("images stay in the ball and between black and white, which grows with the run, and their loss rises", async () => {
  const dataset = await tinyDataset();
  const configuration = configured(dataset, "dm", { "tricks.adversarial": 0.1, "tricks.adversarial.ramp": 0.5 });
  const parts = setup(readerOf(dataset).facts, configuration);
  const adversary = adversaryOf(parts)!;
  const samples = await readerOf(dataset).batch("a test", { rows: [0, 1, 2, 3, 4, 5] });
  const params = parts.network.init(randomKey(5));
  const { normalisation, shape } = dataset;
  const before = toPixels(samples.images.data, normalisation, shape);
  for (const [step, radius] of [
    [0, 0],
    [1, 0.1 / 3],
    [3, 0.1],
    [5, 0.1],
  ] as const) {
    const { images } = await adversary.against(params, samples, step);
    if (radius === 0) expect(images).toBe(samples.images);
    const after = toPixels(images.data, normalisation, shape);
    const most = after.reduce((far, v, j) => Math.max(far, Math.abs(v - before[j]!)), 0);
    expect(most).toBeCloseTo(radius, 5);
    expect([Math.min(...after) >= -1e-6, Math.max(...after) <= 1 + 1e-6]).toEqual([true, true]);
  }
});

test("what is perturbed against a kernel regression goes up its own loss", async () => {
  const dataset = await tinyDataset();
  const { images, labels } = await readerOf(dataset).batch("a test", { rows: [0, 1, 2, 3, 4, 5] });
  const values = await readerOf(dataset).batch("a test", { rows: [9, 10, 11, 12, 13, 14] });
  const targets = (of: Int32Array) => oneHot(of, 3);
  const ridge = kernelRidge(fullyConnectedKernel("ntk", { depth: 1 }), { ridge: 1e-3 });
  const fit = await ridge.fit({ images, labels: targets(labels) });
  const real = { images: values.images, labels: targets(values.labels) };
  const slope = await ridge.slope(fit, real);
  const lossAt = async (moved: Float32Array) => {
    const { data } = await ridge.predict(
      fit,
      values.images.map((_, j) => moved[j]!),
    );
    return [...data].reduce((sum, v, j) => sum + (v - real.labels.data[j]!) ** 2, 0) / 6;
  };
  // Along the gradient, by a central difference.
  const direction = Float32Array.from(slope.data);
  const length = Math.hypot(...direction);
  const by = 0.02;
  const at = (sign: number) =>
    lossAt(Float32Array.from(values.images.data, (v, j) => v + (sign * by * direction[j]!) / length));
  expect(((await at(1)) - (await at(-1))) / (2 * by)).toBeCloseTo(length, 2);
  ridge.dispose();
});

/** Methods that solve, as small as they go; those that train on T beforehand are of no other kind. */
const solving = methods.filter((method) => isBilevel(method));

test.each(solving.map((method) => [method.name, method] as const))(
  "%s: both tricks for robust sets run, or say why they cannot",
  async (_, method) => {
    const dataset = await tinyDataset();
    for (const trick of ["tricks.adversarial", "tricks.input-curvature"]) {
      const cheap = cheapRun(method);
      const options = { ...cheap, steps: 1, settings: { ...cheap.settings, [trick]: 0.05 } };
      try {
        for await (const event of condense(dataset, method, options))
          if (event.event === "done") expect(event.set.images.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: "bad-combination", exitCode: 2 });
        expect((error as Error).message).toMatch(/no loss on T|no network/);
      }
    }
  },
);

test("it is refused where nothing could be attacked", async () => {
  const dataset = await tinyDataset();
  const resolve = (method: string) => () => configured(dataset, method, { "tricks.adversarial": 0.1 });
  expect(resolve("mtt")).toThrow(/no loss on T that the trick adversarial could raise/);
  expect(resolve("rcig")).toThrow(/no loss on T/);
  const whitened = { ...infoOf(dataset), whitened: true };
  expect(() =>
    resolveConfiguration(whitened, methodNamed("dm"), { ...options, settings: { "tricks.adversarial": 0.1 } }),
  ).toThrow(/images are whitened/);
});

test.each([
  ["robdc", { "solver.steps": 2, "tricks.adversarial.radius": 0.05 }],
  ["adv-kip", { "tricks.adversarial.radius": 0.05 }],
  ["dm", { "tricks.adversarial.radius": 0.05 }],
  ["dm", { "tricks.input-curvature": 1 }],
  ["robdc", { "solver.steps": 2, "tricks.adversarial": "none", "tricks.input-curvature": 1 }],
] as const)("%s, %o: the loss falls along its gradient as the gradient says", async (method, settings) => {
  const dataset = await tinyDataset();
  // From noise: under the tangent kernel the loss has a cone where an image of S is one of T, and the attack no direction.
  const configuration = configured(dataset, method, settings, "noise");
  const loop = new Loop(readerOf(dataset), configuration);
  const { slots } = await loop.start();
  const { images } = (await loop.lossAt({ step: 5, slots })).gradient;
  const length = Math.hypot(...images!.data);
  const at = async (by: number) => {
    const moved = slots.variables!.images!.map((v, j) => v + (by * images!.data[j]!) / length);
    return (await loop.lossAt({ step: 5, slots: { ...slots, variables: { ...slots.variables, images: moved } } })).loss;
  };
  const by = 0.02;
  expect(((await at(by)) - (await at(-by))) / (2 * by) / length).toBeCloseTo(1, 1);
  loop.dispose();
});
