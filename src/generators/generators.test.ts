import { describe, expect, test } from "vitest";
import { loadDigits } from "../data/digits.ts";
import { readerOf } from "../data/reader.ts";
import { type OptionValues, randomKey, type Tensor } from "../engine/index.ts";
import {
  generatorGround,
  generatorRegistry,
  generatorText,
  type HostedGenerator,
  hostedGenerator,
  isImported,
  makeGenerator,
  parseGenerator,
  trainGenerator,
} from "./index.ts";
import type { GeneratorProgress } from "./training/state.ts";

const dataset = await loadDigits();
const { test: _held, train: _train, ...facts } = dataset;
const ground = generatorGround(facts);
const key = randomKey(3);
const recipe = { steps: 12, batch: 16, learningRate: 1e-3 };
const samples = await readerOf(dataset).batch("a test", { rows: Array.from({ length: 300 }, (_, i) => i) });
/** Small ones of those options that a kind has. */
const tiny: OptionValues = { width: 24, z: 3, channels: 4, criticChannels: 4, ddim: 2 };
const tinyOf = (name: string) =>
  Object.fromEntries(Object.entries(tiny).filter(([option]) => option in generatorRegistry.named(name).options));
const made = (name: string, options: OptionValues = {}) => {
  const own = makeGenerator({ name, options: { ...tinyOf(name), ...options } }, ground);
  return own.domain?.from(samples.images) ?? own;
};
const trainedKinds = generatorRegistry.names.filter((name) => name !== "identity" && !isImported(name));

test("the identity's samples are its codes, bit for bit, and it encodes to them", async () => {
  const hosted = hostedGenerator(made("identity"), {});
  const codes = { z: samples.images };
  expect((await hosted.decode(codes)).data).toEqual(samples.images.data);
  expect((await hosted.encode(samples.images, samples.labels)).z!.data).toEqual(samples.images.data);
  expect(hosted.sample(Int32Array.of(1, 2), key).z!.data).toEqual(key.normal(2 * 64));
});

const variants: readonly [string, OptionValues][] = [
  ...trainedKinds.map((name): [string, OptionValues] => [name, {}]),
  ["cvae", { body: "conv", prior: "class-normal" }],
  ["vq-vae", { body: "conv" }],
  ["cgan", { body: "mlp", critic: "projection" }],
  ["wgan-gp", { labels: false, norm: "none" }],
];

describe.each(variants)("%s %j", (name, options) => {
  const generator = made(name, options);
  const codesOf = async (hosted: HostedGenerator) =>
    generator.encoder ? hosted.encode(images, labels) : hosted.sample(labels, randomKey(5));
  const labels = samples.labels.slice(0, 9);
  const images = samples.images.rows(0, 9);

  test.runIf("loss" in generator.training!)("learns: its loss falls", async () => {
    const losses: number[] = [];
    await trainGenerator(generator, samples, { steps: 61, batch: 32, learningRate: 1e-3 }, key, {
      every: 20,
      keep: (_now, loss) => void losses.push(loss),
    });
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0]!);
  });

  test("a training that stopped goes on to the same bytes, and another key leads elsewhere", async () => {
    const kept: GeneratorProgress[] = [];
    const whole = await trainGenerator(generator, samples, recipe, key, {
      every: 4,
      keep: (now) => void kept.push(now),
    });
    const again = await trainGenerator(generator, samples, recipe, key, { from: kept[1]! });
    const other = await trainGenerator(generator, samples, recipe, randomKey(4), {});
    expect(kept[1]!.step).toBe(8);
    expect(again).toEqual(whole);
    expect(other).not.toEqual(whole);
  });

  test("codes of every layer decode alike, each sample by itself", async () => {
    const hosted = hostedGenerator(generator, await trainGenerator(generator, samples, recipe, key));
    const codes = await codesOf(hosted);
    expect(Object.keys(codes).sort()).toEqual(Object.keys(generator.parts(0)).sort());
    for (const [part, { shape }] of Object.entries(generator.parts(0)))
      expect(codes[part]!.shape).toEqual([9, ...shape]);
    const decoded = await hosted.decode(codes);
    expect(decoded.shape).toEqual([9, ...ground.shape]);
    for (let layer = 1; layer <= generator.layers; layer++) {
      const deeper = await hosted.advance(codes, layer);
      for (const [part, { shape }] of Object.entries(generator.parts(layer)))
        expect(deeper[part]!.shape).toEqual([9, ...shape]);
      same(await hosted.decode(deeper, layer), decoded);
    }
    const order = [4, 0, 8];
    const some = Object.fromEntries(Object.entries(codes).map(([part, t]) => [part, t.take(order)]));
    same(await hosted.decode(some), decoded.take(order));
    hosted.dispose();
  });

  test("samples hang on key and label alone, and are of the asked shapes", async () => {
    const params = await trainGenerator(generator, samples, recipe, key);
    const drawn = generator.sample(params, labels, randomKey(8));
    expect(generator.sample(params, labels, randomKey(8))).toEqual(drawn);
    for (const [part, { shape }] of Object.entries(generator.parts(0)))
      expect(drawn[part]!.shape).toEqual([9, ...shape]);
    expect(generator.sample(params, labels, randomKey(9)).z).not.toEqual(drawn.z);
  });

  test("refuses a layer that it has not", () => {
    expect(() => generator.parts(generator.layers + 1)).toThrow(/has no layer \d/);
  });
});

const same = (a: Tensor, b: Tensor) => {
  for (const [i, value] of a.data.entries()) expect(value).toBeCloseTo(b.data[i]!, 5);
};

test("a spec is read and written", () => {
  expect(parseGenerator("cvae:z=7")).toMatchObject({ name: "cvae", options: { z: 7, width: 400 } });
  expect(generatorText(parseGenerator("cvae:width=20,z=4"))).toBe("cvae:width=20");
  expect(() => parseGenerator("cvea")).toThrow(/no generator "cvea"/);
  expect(() => parseGenerator("cvae:zz=1")).toThrow(/no option "zz"/);
  expect(() => parseGenerator("cvae:z")).toThrow(/no option of a generator/);
});

test("pixels of no known black and white are refused by a Bernoulli likelihood", () => {
  const table = { ...ground, kind: "table" as const };
  expect(() => makeGenerator({ name: "vae", options: {} }, table)).toThrow(/likelihood/);
  expect(makeGenerator({ name: "vae", options: { likelihood: "gaussian" } }, table).layers).toBe(1);
});
