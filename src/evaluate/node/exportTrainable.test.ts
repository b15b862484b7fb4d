import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import { parseSafetensors } from "../../data/formats/safetensors.ts";
import { load, readCondensed } from "../../data/index.ts";
import { parseNetwork } from "../../hypotheses/index.ts";
import { coresetAsSet, evaluate, protocolFor, type Score } from "../index.ts";
import { keptScore, trainingOf } from "../trainingRecipe.ts";
import { exportTrainable } from "./exportTrainable.node.ts";

let root: string;
let dataset: Dataset;
let set: CondensedSet;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-trainable-"));
  dataset = await tinyDataset({ side: 8, perClass: 4 });
  set = {
    ...(await coresetAsSet(dataset, "random", 2, 0)),
    augmentation: "crop_flip",
    learningRate: Math.fround(0.02),
  };
});
afterAll(() => rm(root, { recursive: true }));

const folder = () => mkdtemp(join(root, "f"));
const soft = (): CondensedSet => ({
  ...set,
  softLabels: Float32Array.from({ length: set.labels.length * set.classes.length }, (_, i) => Math.sin(i)),
  loss: "squared-error",
  augmentation: "per-image:crop_rotate",
});
const json = async (path: string) => JSON.parse(await readFile(path, "utf8"));

describe("the recipe", () => {
  test("is the protocol that evaluate trains a set under", async () => {
    for (const own of [set, soft()]) {
      const { protocol, recipe } = await trainingOf(own);
      const result = await evaluate(own, dataset, { networks: [], baselines: [] });
      expect(result.protocol.hash).toBe(protocol.hash);
      expect(recipe).toMatchObject({
        protocol: protocol.hash,
        networks: 5,
        learning_rate: own.learningRate,
        outputs: 3,
      });
    }
    expect((await trainingOf(set)).recipe).toMatchObject({
      network: { name: "convnet", options: { depth: 3, width: 128 } },
      input: set.shape,
      optimizer: "sgd",
      schedule: "step",
      epochs: 1000,
      loss: "cross-entropy",
      augmentation: { scheme: "siamese", operators: ["crop", "flip"] },
    });
    expect((await trainingOf(soft())).recipe).toMatchObject({
      optimizer: "adam",
      schedule: "warmup-cosine",
      loss: "squared-error",
      augmentation: { scheme: "per-image", operators: ["crop", "rotate"] },
    });
  });

  test("goes along in npz and Parquet, and the set is read back as it was", async () => {
    const { recipe } = await trainingOf(set, { network: parseNetwork("mlp") });
    expect(recipe.network).toMatchObject({ name: "mlp" });
    const at = await folder();
    const [npz] = await exportTrainable(set, "npz", at, { network: parseNetwork("mlp") });
    expect(await readCondensed(npz!)).toEqual(set);
    expect((await readFile(npz!)).length).toBeGreaterThan(0);
    const [parquet] = await exportTrainable(set, "parquet", at, { network: parseNetwork("mlp") });
    const file = (await readFile(parquet!)).buffer as ArrayBuffer;
    const attar = parquetMetadata(file).key_value_metadata!.find(({ key }) => key === "attar")!.value!;
    expect(JSON.parse(attar).recipe).toEqual(JSON.parse(JSON.stringify(recipe)));
  });
});

describe("huggingface", () => {
  test("is a repository: names, soft labels and the values themselves in Parquet, the set beside it", async () => {
    const at = await folder();
    const own = soft();
    const made = { command: "attar condense tiny", score: { mean: 0.875, std: 0.01, runs: [0.865, 0.885] } };
    await exportTrainable(own, "huggingface", at, { made });
    const file = (await readFile(join(at, "data/train-00000-of-00001.parquet"))).buffer as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.flatMap(({ normalised }) => normalised)).toEqual([...own.images]);
    expect(rows.flatMap(({ soft_label }) => soft_label)).toEqual([...own.softLabels!]);
    expect(rows.map(({ label }) => Number(label))).toEqual([...own.labels]);
    expect(await readCondensed(join(at, "condensed.safetensors"))).toMatchObject({ softLabels: own.softLabels });
    const card = await readFile(join(at, "README.md"), "utf8");
    for (const words of [
      "'2': \"class 2\"",
      "# license: yours to choose",
      "path: data/train-*",
      "attar condense tiny",
      "Accuracy 87.5 ± 1.0 %",
      '"optimizer": "adam"',
      '- name: "normalised"',
    ])
      expect(card).toContain(words);
    expect((await load(at)).classes).toEqual(own.classes);
  });

  test("says how much of the values a picture clips", async () => {
    const at = await folder();
    await exportTrainable({ ...set, images: set.images.map((v) => 3 * v) }, "huggingface", at);
    expect(await readFile(join(at, "README.md"), "utf8")).toMatch(
      /clips \d+ % of them, which are beyond black or white/,
    );
  });
});

describe("pytorch", () => {
  test("is a folder with program, recipe, set and test split; another export without one takes it away", async () => {
    const at = await folder();
    const paths = await exportTrainable(set, "pytorch", at, { test: dataset });
    expect(paths.map((path) => path.slice(at.length + 1))).toEqual([
      "train.py",
      "recipe.json",
      "condensed.safetensors",
      "test.safetensors",
    ]);
    expect(await json(join(at, "recipe.json"))).toMatchObject({
      format: "attar-recipe-1",
      learning_rate: set.learningRate,
    });
    const bytes = new Uint8Array(await readFile(join(at, "test.safetensors")));
    const { tensors, metadata } = parseSafetensors(bytes, "test.safetensors");
    expect(tensors.get("images")!.data).toEqual(dataset.test.images);
    expect(Array.from(tensors.get("labels")!.data, Number)).toEqual([...dataset.test.labels]);
    expect(JSON.parse(metadata.mean!)).toEqual(dataset.normalisation.mean);
    expect(await exportTrainable(set, "pytorch", at)).toHaveLength(3);
    await expect(readFile(join(at, "test.safetensors"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("refuses networks that it does not know, that do not fit, and datasets that are not the set's", async () => {
    const at = await folder();
    await expect(exportTrainable(set, "pytorch", at, { network: parseNetwork("ntk") })).rejects.toMatchObject({
      code: "unknown-network",
      exitCode: 2,
      message: expect.stringContaining("it builds convnet, mlp, linear"),
    });
    const vgg = exportTrainable(set, "pytorch", at, { network: parseNetwork("vgg11") });
    await expect(vgg).rejects.toMatchObject({ code: "input-too-small" });
    const other = exportTrainable(set, "pytorch", at, { test: await tinyDataset({ side: 9 }) });
    await expect(other).rejects.toMatchObject({ code: "set-does-not-fit" });
  });
});

test("a score that was kept is found, and another recipe's is not", async () => {
  const kept = new Map<string, Score>();
  const scores = {
    get: (key: string) => kept.get(key),
    set: async (key: string, score: Score) => void kept.set(key, score),
  };
  const one = { ...set, augmentation: "" };
  const training = await trainingOf(one, { network: parseNetwork("mlp:width=8") });
  await evaluate(one, dataset, { networks: [training.network], repeats: 2, baselines: [], epochs: 1, scores });
  expect(await keptScore(one, training, scores)).toBeUndefined();
  const protocol = await protocolFor(dataset, { augmentation: "none", epochs: 1, learningRate: one.learningRate });
  expect(await keptScore(one, { ...training, protocol }, scores)).toMatchObject({ runs: { length: 2 } });
});
