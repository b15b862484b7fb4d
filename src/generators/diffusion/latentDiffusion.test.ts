import { describe, expect, test } from "vitest";
import { loadDigits } from "../../data/digits.ts";
import { readerOf } from "../../data/reader.ts";
import { type OptionValues, randomKey, type Tensor } from "../../engine/index.ts";
import { identity } from "../identity.ts";
import { type Codes, generatorGround, hostedGenerator, makeGenerator, trainedSpec, trainGenerator } from "../index.ts";

const dataset = await loadDigits();
const { test: _held, train: _train, ...facts } = dataset;
const ground = generatorGround(facts);
const key = randomKey(5);
const samples = await readerOf(dataset).batch("a test", { rows: Array.from({ length: 200 }, (_, i) => i) });
const labels = samples.labels.slice(0, 6);
const images = samples.images.rows(0, 6);
const recipe = { steps: 80, batch: 32, learningRate: 5e-3 };
const small = { channels: 4, z: 2, width: 8, times: 1000, ddim: 3 };
const of = (options: OptionValues) => makeGenerator({ name: "ldm", options: { ...small, ...options } }, ground);
const params = await trainGenerator(of({}), samples, recipe, key);
const open = (options: OptionValues) => hostedGenerator(of(options), params);

const gap = (a: Tensor, b: Tensor) => Math.max(...a.data.map((v, i) => Math.abs(v - b.data[i]!)));
const without = ({ ...codes }: Codes, part: string) =>
  Object.fromEntries(Object.entries(codes).filter(([name]) => name !== part));

test("one training serves every way to sample", () => {
  const trained = trainedSpec({ name: "ldm", options: small });
  const ways: readonly OptionValues[] = [
    { guidance: 3 },
    { strength: 0.5 },
    { skip: true },
    { sampler: "ddpm" },
    { conditions: "embedding" },
  ];
  for (const options of ways) expect(trainedSpec({ name: "ldm", options: { ...small, ...options } })).toEqual(trained);
  expect(trainedSpec({ name: "ldm", options: { ...small, kl: 1 } })).not.toEqual(trained);
});

test("latents have deviation 1 over T, which is measured before the U-Net learns", async () => {
  const hosted = open({});
  const { z } = await hosted.encode(samples.images, samples.labels);
  const numbers = Array.from(z!.data);
  const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
  const variance = numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length;
  expect(variance).toBeCloseTo(1, 3);
  hosted.dispose();
});

describe("samplings", () => {
  test.each<[string, OptionValues]>([
    ["ddim", {}],
    ["ddpm", { sampler: "ddpm" }],
    ["a strength below 1", { strength: 0.7 }],
    ["without guidance", { guidance: 1 }],
    ["blended with the start", { skip: true }],
    ["codes with embeddings", { conditions: "embedding" }],
    ["a transformer", { model: "transformer", heads: 2, patch: 2, feedForward: "geglu" }],
  ])("%s: layer 1 is on the way, each sample by itself, and shapes are those of its parts", async (_what, options) => {
    const own = of(options);
    const weights = options.model ? await trainGenerator(own, samples, recipe, key) : params;
    const hosted = hostedGenerator(own, weights);
    const codes = own.sample(weights, labels, key.fold("codes"));
    for (const [part, { shape }] of Object.entries(own.parts(0))) expect(codes[part]!.shape).toEqual([6, ...shape]);
    const decoded = await hosted.decode(codes);
    expect(decoded.data.every(Number.isFinite)).toBe(true);
    const latents = await hosted.advance(codes, 1);
    expect(gap(await hosted.decode(latents, 1), decoded)).toBeLessThan(1e-4);
    const some = Object.fromEntries(Object.entries(codes).map(([part, t]) => [part, t.take([4, 1])]));
    expect(gap(await hosted.decode(some), decoded.take([4, 1]))).toBeLessThan(1e-4);
    hosted.dispose();
  });

  test("the embedding of a class in place of its label makes the same samples", async () => {
    const [labelled, embedded] = [open({}), open({ conditions: "embedding" })];
    const codes = await labelled.encode(images, labels);
    const same = await embedded.encode(images, labels);
    expect(same.noise).toEqual(codes.noise);
    expect(gap(await embedded.decode(same), await labelled.decode(codes))).toBeLessThan(1e-4);
    for (const hosted of [labelled, embedded]) hosted.dispose();
  });

  test("guidance of 1 is the conditional model, and another class makes other samples", async () => {
    const plain = open({ guidance: 1 });
    const codes = plain.sample(labels, key);
    const guided = open({ guidance: 1.0001 });
    expect(gap(await plain.decode(codes), await guided.decode(codes))).toBeLessThan(1e-2);
    const turned = { ...codes, class: codes.class!.take([5, 4, 3, 2, 1, 0]) };
    expect(gap(await plain.decode(codes), await plain.decode(turned))).toBeGreaterThan(1e-4);
    for (const hosted of [plain, guided]) hosted.dispose();
  });

  test("a strength that leaves the last step alone stays near the start, all steps go elsewhere", async () => {
    const moved: number[] = [];
    for (const strength of [0.34, 1]) {
      const hosted = open({ strength });
      const codes = await hosted.encode(images, labels);
      moved.push(gap((await hosted.advance(codes, 1)).latents!, codes.z!));
      hosted.dispose();
    }
    expect(moved[0]).toBeLessThan(0.2);
    expect(moved[1]).toBeGreaterThan(0.5);
  });
});

test("images have codes of layer 1 of themselves: no step of sampling lies between", async () => {
  const hosted = open({});
  const { latents } = await hosted.encode(images, labels, 1);
  const { z, ...rest } = await hosted.encode(images, labels);
  expect(latents).toEqual(z);
  expect(Object.keys(without(rest, "class"))).toEqual(["noise"]);
  const again = await hosted.encode(images, labels, 0, key);
  expect(again.noise).not.toEqual(rest.noise);
  expect(again.z).toEqual(z);
  hosted.dispose();
});

test("what does not fit is refused", () => {
  expect(() => of({ times: 60, ddim: 60 })).toThrow(/more than 60 times/);
  expect(() => of({ model: "transformer", patch: 3 })).toThrow(/do not tile/);
  expect(() => of({ model: "transformer", heads: 3 })).toThrow(/do not divide/);
  expect(identity.sampling).toBeUndefined();
});
