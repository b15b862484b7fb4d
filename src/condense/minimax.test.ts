import { describe, expect, test } from "vitest";
import { ofGenerator } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../data/reader.ts";
import { compile, type OptionValue, type Tensor, tensor, valueAndGradient } from "../engine/index.ts";
import type { Denoising } from "../generators/index.ts";
import { oneHot, type Params, parseNetwork, type TracedParams } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { condense, resolveConfiguration } from "./index.ts";
import { Loop } from "./loop.ts";
import { emptyMemory, pushedTo, remembered } from "./objectives/denoise/memory.ts";
import { setup } from "./setup.ts";
import type { State } from "./state.ts";

const dataset = await tinyDataset({ perClass: 8 });
const minimax = methodNamed("minimax");
type Settings = Record<string, OptionValue>;
const small: Settings = { ...ofGenerator(minimax), "tricks.denoising.memory": 5 };
const options = { ipc: 2, realBatch: 3, steps: 4, imageLearningRate: 1e-3 };

/** A loop with its first state, and the loss with its gradient where some variables are others. */
async function loopOf(settings: Settings = {}) {
  const configuration = resolveConfiguration(dataset, minimax, { ...options, settings: { ...small, ...settings } });
  const reader = readerOf(dataset);
  const loop = new Loop(reader, configuration);
  const start = await loop.start();
  return { loop, start, configuration, reader };
}

test("without its terms it is plain fine-tuning: loss and gradient are those of the generator's own loss", async () => {
  const { loop, start, configuration, reader } = await loopOf({
    "tricks.denoising.representative": 0,
    "tricks.denoising.diversity": 0,
  });
  const found = await loop.lossAt(start);
  const { key, space } = setup(reader.facts, configuration);
  const { made, weightName } = space.generator!;
  const denoising: Denoising = made.denoising!;
  const own = key.fold("real").fold(0);
  const classes = [...reader.sizes.keys()];
  const positions = classes.map((c) => own.fold(c).permutation(reader.sizes[c]!, options.realBatch));
  const { images, labels } = await reader.batch("a test", { classes, positions });
  const params: Params = Object.fromEntries(
    denoising.reads.map((layer) => [
      layer,
      Object.fromEntries(
        Object.keys(made.shapes[layer]!).map((name) => [name, start.slots.variables[weightName(layer, name)]!]),
      ),
    ]),
  );
  const plain = compile(
    (p: TracedParams, batch: Parameters<Denoising["loss"]>[1]) => {
      const [[loss], gradient] = valueAndGradient((at: TracedParams) => {
        const { loss: value, latents, estimates } = denoising.loss(at, batch);
        for (const unread of [latents, estimates]) unread.dispose();
        return [value, {}];
      })(p);
      return { loss, gradient };
    },
    { name: "plain denoising" },
  );
  const draws = denoising.draws(labels.length, key.fold("denoising").fold(0));
  const expected = await plain(params, { images, labels: oneHot(labels, classes.length), draws });
  expect(found.loss).toBeCloseTo(expected.loss.item(), 6);
  let compared = 0;
  for (const [layer, all] of Object.entries(expected.gradient))
    for (const [name, slope] of Object.entries(all)) {
      const moved = found.gradient[weightName(layer, name)];
      if (!moved) {
        // Only what encodes is held fixed, and it has no gradient.
        expect(Array.from(slope.data).every((g) => g === 0)).toBe(true);
        continue;
      }
      compared++;
      for (const [i, g] of slope.data.entries()) expect(moved.data[i]).toBeCloseTo(g, 5);
    }
  expect(compared).toBeGreaterThan(20);
  loop.dispose();
});

describe("a step", () => {
  test("its gradient is the slope of its loss, terms and memories with it", async () => {
    const { loop, start } = await loopOf({
      "tricks.denoising.representative": 0.5,
      "tricks.denoising.diversity": 0.5,
      "tricks.denoising.reduce": "each",
    });
    const { state } = await loop.step(start);
    const at = (moved: Readonly<Record<string, Tensor>>) =>
      loop.lossAt({ ...state, slots: { ...state.slots, variables: { ...state.slots.variables, ...moved } } });
    const { gradient } = await at({});
    for (const name of ["generator.unet.out.weight", "generator.unet.out.bias"]) {
      const direction = Float32Array.from(gradient[name]!.data);
      const length = Math.hypot(...direction);
      expect(length).toBeGreaterThan(0);
      const moved = (by: number) => ({
        [name]: state.slots.variables[name]!.map((v, i) => v + (by * direction[i]!) / length),
      });
      // A step across which another pair is the extreme one has another slope: one of them crosses none.
      const gaps: number[] = [];
      for (const by of [0.05, 0.01, 0.002]) {
        const slope = ((await at(moved(by))).loss - (await at(moved(-by))).loss) / (2 * by);
        gaps.push(Math.abs(slope / length - 1));
      }
      expect([name, Math.min(...gaps) < 0.03, gaps]).toEqual([name, true, gaps]);
    }
    loop.dispose();
  });

  test("memories are read before the batch enters them", async () => {
    const strong = { "tricks.denoising.representative": 5, "tricks.denoising.diversity": 5 };
    const [plain, weighted] = [
      await loopOf({ "tricks.denoising.representative": 0, "tricks.denoising.diversity": 0 }),
      await loopOf(strong),
    ];
    const [first, second] = [await plain.loop.step(plain.start), await weighted.loop.step(weighted.start)];
    expect(second.loss).toBeCloseTo(first.loss, 6);
    expect(Array.from(second.state.slots.memory!.pushed!.data)).toEqual([3, 3, 3]);
    expect(second.state.slots.memory).toEqual(first.state.slots.memory);
    const [third, fourth] = [await plain.loop.step(first.state), await weighted.loop.step(second.state)];
    expect(Math.abs(fourth.loss - third.loss)).toBeGreaterThan(0.1);
    for (const { loop } of [plain, weighted]) loop.dispose();
  });

  test("moves the model alone: neither the autoencoder nor the codes; with biases those alone", async () => {
    for (const weights of ["learned", "biases"]) {
      const { loop, start } = await loopOf({ "synthetic.weights": weights });
      const { state } = await loop.step(start);
      const changed = Object.keys(start.slots.variables).filter(
        (name) => String(state.slots.variables[name]!.data) !== String(start.slots.variables[name]!.data),
      );
      expect(changed.length).toBeGreaterThan(5);
      for (const name of changed) expect(name).toMatch(/^generator\.(unet|classes|noClass)/);
      expect(changed.includes("generator.unet.out.weight")).toBe(weights === "learned");
      expect(changed).toContain("generator.unet.out.bias");
      loop.dispose();
    }
  });
});

test("a memory is first in, first out", () => {
  const shape = { classes: 2, rows: 3, numbers: 1 };
  let memory = emptyMemory(shape);
  const batch = (...values: number[]) => tensor(values, [values.length, 1]);
  memory = pushedTo(memory, [1], batch(1, 2), batch(-1, -2));
  expect(Array.from(remembered(memory, [0, 1]).filled!.data)).toEqual([0, 0, 0, 1, 1, 0]);
  memory = pushedTo(memory, [0, 1], batch(7, 8, 3, 4), batch(-7, -8, -3, -4));
  expect(Array.from(remembered(memory, [1]).real!.data)).toEqual([4, 2, 3]);
  expect(Array.from(remembered(memory, [0]).made!.data)).toEqual([-7, -8, 0]);
  expect(Array.from(memory.pushed!.data)).toEqual([2, 4]);
});

test("a run that stopped goes on to the same bytes", async () => {
  const run = async (state?: State) => {
    const states: State[] = [];
    const given = { ...options, settings: small, checkpointEvery: 1, ...(state && { state }) };
    for await (const event of condense(dataset, minimax, given)) {
      if (event.event === "checkpoint") states.push(event.state);
      if (event.event === "done") return { set: event.set, states };
    }
    throw new Error("no set");
  };
  const whole = await run();
  const again = await run(whole.states[2]!);
  expect(again.set.images).toEqual(whole.set.images);
});

test("distribution matching and fine-tuning add up", async () => {
  const space = Object.entries(minimax.synthetic.options!).map(([name, value]) => [`synthetic.${name}`, value]);
  const settings = { ...Object.fromEntries(space), ...ofGenerator(minimax), synthetic: "latent" };
  const lossOf = async (more: Settings) => {
    const given = { ...options, augmentation: "none", network: parseNetwork("convnet:depth=2,width=4") };
    const configuration = resolveConfiguration(dataset, methodNamed("dm"), {
      ...given,
      settings: { ...settings, ...more },
    });
    const loop = new Loop(readerOf(dataset), configuration);
    const { loss } = await loop.lossAt(await loop.start());
    loop.dispose();
    return loss;
  };
  const matching = await lossOf({});
  const both = await lossOf({ "tricks.denoising": 1 });
  const twice = await lossOf({ "tricks.denoising": 2 });
  expect(both).toBeGreaterThan(matching + 0.01);
  expect((twice - both) / (both - matching)).toBeCloseTo(1, 2);
});

test("it is refused where no diffusion model is kept with S", () => {
  const resolve = (settings: Settings) => () =>
    resolveConfiguration(dataset, minimax, { ...options, settings: { ...small, ...settings } });
  expect(resolve({ "synthetic.encoder": false })).toThrow(/layers that encode T/);
  expect(resolve({ "synthetic.weights": "frozen" })).toThrow(/could train/);
  expect(resolve({ "synthetic.generator": "cvae" })).toThrow(/could train/);
});
