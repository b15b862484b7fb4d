import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { AttarError, randomKey } from "../engine/index.ts";
import { parseGenerator } from "../generators/index.ts";
import type { Body } from "./artefact.ts";
import { encodeCodes, parseCodes } from "./codeFile.ts";
import { generator, inMemory, openGenerator } from "./index.ts";
import { scanGenerators, trainGeneratorToFolder } from "./node/generators.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-generators-"));
afterAll(() => rmSync(root, { recursive: true }));

const dataset = await tinyDataset({ perClass: 20 });
const order = {
  spec: parseGenerator("cvae:width=12,z=2"),
  recipe: { steps: 401, batch: 16, learningRate: 1e-2 },
  seed: 1,
};
const file = (folder: string, name = "generator-0000") => join(root, folder, `${name}.safetensors`);

test("one that was stopped goes on to the same bytes, is judged, and is refused once it is changed", async () => {
  const whole = await trainGeneratorToFolder(dataset, order, join(root, "whole"));
  const stop = new AbortController();
  const stopped = trainGeneratorToFolder(dataset, order, join(root, "stopped"), {
    signal: stop.signal,
    onStep: (step) => step >= 200 && stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "interrupted", exitCode: 4 });
  expect(existsSync(file("stopped", "generator-0000.part"))).toBe(true);
  expect(existsSync(file("stopped"))).toBe(false);
  await trainGeneratorToFolder(dataset, order, join(root, "stopped"));
  expect(existsSync(file("stopped", "generator-0000.part"))).toBe(false);
  expect(readFileSync(file("stopped")).equals(readFileSync(file("whole")))).toBe(true);

  const { quality } = whole;
  const { generators } = await scanGenerators(join(root, "whole"));
  expect(generators).toMatchObject([{ identity: { generator: { name: "cvae", z: 2 }, seed: 1 }, quality }]);
  for (const share of ["fidelity", "precision", "recall", "trainedOnSamples", "reconstructionAccuracy"] as const) {
    expect(quality![share]).toBeGreaterThanOrEqual(0);
    expect(quality![share]).toBeLessThanOrEqual(1);
  }
  // Bars at three places are easily learned; labels ignored would give a third.
  expect(quality!.fidelity).toBeGreaterThan(0.6);
  expect(quality!.frechet).toBeGreaterThan(0);

  const bytes = readFileSync(file("whole"));
  bytes[bytes.length - 3] = bytes.at(-3)! ^ 1;
  writeFileSync(file("whole"), bytes);
  const again = trainGeneratorToFolder(dataset, order, join(root, "whole"));
  await expect(again).rejects.toMatchObject({ code: "damaged-generator" });
}, 600_000);

test("one that learns against a critic goes on with both players, their optimizers and the running mean", async () => {
  const spec = parseGenerator("cgan:channels=4,z=2");
  const maker = generator
    .spec(dataset, { spec, recipe: { steps: 203, batch: 8, learningRate: 1e-3 }, seed: 1 })
    .maker();
  const kept: Body[] = [];
  const whole = await maker.make(0, { keep: (body) => void kept.push(body) });
  expect(kept).toHaveLength(1);
  const { tensors } = kept[0]!;
  for (const name of ["critic.params.score.weight", "critic.second.score.weight", "averaged.params.output.weight"])
    expect(Object.keys(tensors)).toContain(name);
  const again = await maker.make(0, { from: { ...kept[0]!, index: 0, where: "a test" } });
  expect(again).toEqual(whole);
  const { "critic.params.score.weight": score, ...others } = tensors;
  const changed = { shape: score!.shape, data: (score!.data as Float32Array).map((v) => v + 0.1) };
  const bent = { ...others, "critic.params.score.weight": changed };
  const other = await maker.make(0, { from: { ...kept[0]!, tensors: bent, index: 0, where: "a test" } });
  expect(other).not.toEqual(whole);
  maker.dispose();
});

test("codes are kept in a file, and another generator refuses them", async () => {
  const made = await openGenerator(inMemory, dataset, { ...order, recipe: { ...order.recipe, steps: 2 } });
  const { identity } = generator.spec(dataset, order);
  const labels = Int32Array.of(0, 2, 1);
  const codes = made.sample(labels, randomKey(4));
  const bytes = await encodeCodes({ codes, labels }, identity);
  expect(await parseCodes(bytes, made.generator, identity, "codes")).toEqual({ codes, labels });
  const other = generator.spec(dataset, { ...order, seed: 2 }).identity;
  await expect(parseCodes(bytes, made.generator, other, "codes")).rejects.toThrow(/are another generator's/);
  await expect(parseCodes(readFileSync(file("stopped")), made.generator, identity, "x")).rejects.toThrow(AttarError);
  made.dispose();
});

test("what has nothing to train is opened without a store, and is not trained to a folder", async () => {
  const identity = { ...order, spec: parseGenerator("identity") };
  const made = await openGenerator(inMemory, dataset, identity, true);
  expect(made.quality).toBeUndefined();
  await expect(trainGeneratorToFolder(dataset, identity, join(root, "none"))).rejects.toThrow(/nothing to train/);
});
