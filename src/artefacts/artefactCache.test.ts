import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { convnet, expertRecipe, mlp } from "../hypotheses/index.ts";
import type { ArtefactRecord, Identity } from "./artefact.ts";
import { openEncoder, setChecksum } from "./encoder.ts";
import { artefactCache, digestOf, listCache } from "./node/artefactCache.node.ts";
import { openTeachers } from "./teacher.ts";

const roots: string[] = [];
let cache: string;
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "attar-cache-"));
  roots.push(root);
  vi.stubEnv("XDG_CACHE_HOME", root);
  cache = join(root, "attar");
});
afterAll(() => Promise.all(roots.map((path) => rm(path, { recursive: true, force: true }))));

const dataset = await tinyDataset();
const recipe = { ...expertRecipe, epochs: 1, batch: 8 };
const order = { network: mlp({ depth: 1, width: 4 }), images: 20, recipe, seed: 0, count: 2, everyEpoch: false };

/** A kind that no program has: numbers counted from its seed. */
const numbers: ArtefactRecord<string, number> = {
  name: "numbers",
  noun: "number",
  title: "numbers",
  reference: "",
  options: {},
  format: "attar-number",
  checkNotes: () => {},
  check: () => {},
  spec(dataset, seed) {
    const identity: Identity = { dataset, checksum: "0", normalisation: "none", seed, recipe: {} };
    const make = async (index: number) => ({
      notes: { text: `number ${index}` },
      tensors: { value: { shape: [1], data: Float32Array.of(seed + index) } },
    });
    return { kind: numbers, identity, count: 2, trainedImages: 0, maker: () => ({ make, dispose() {} }) };
  },
};

test("a store takes a new kind by its record alone, and knows an artefact by the digest of its identity", async () => {
  const spec = numbers.spec("none", 7);
  const store = artefactCache();
  const digest = await digestOf(spec.identity);
  const where = join(cache, "numbers", `none-${digest.slice(0, 12)}`);
  expect(await store.there!(spec)).toEqual({ count: 0, where });
  const members = await store.open(spec);
  expect(await members.at(1)).toMatchObject({ index: 1, tensors: { value: { data: Float32Array.of(8) } } });
  expect((await members.at(0)).notes.text).toBe("number 0");
  expect(await store.there!(spec)).toEqual({ count: 2, where });
  expect(await readdir(where)).toEqual(["number-0000.safetensors", "number-0001.safetensors"]);
});

test("a file of another identity is not taken for one of the artefact, nor is one of another kind", async () => {
  const store = artefactCache();
  const [spec, other] = [numbers.spec("none", 7), numbers.spec("none", 8)];
  await store.open(spec);
  await store.open(other);
  const [{ where }, { where: there }] = [await store.there!(spec), await store.there!(other)];
  await writeFile(join(where, "number-0000.safetensors"), await readFile(join(there, "number-0000.safetensors")));
  expect((await store.there!(spec)).count).toBe(0);
  await expect(store.open(spec)).rejects.toMatchObject({
    code: "other-numbers",
    message: expect.stringMatching("seed 8 \\(now 7\\)"),
  });
});

test("offline, what is missing is refused with a count, and what is there is opened", async () => {
  const offline = artefactCache({ offline: true });
  await expect(openTeachers(offline, dataset, order)).rejects.toMatchObject({
    code: "absent-artefact",
    exitCode: 2,
    message: "2 of 2 teachers of tiny are not on this machine, and --offline makes nothing",
  });
  await openTeachers(artefactCache(), dataset, { ...order, count: 1 });
  await expect(openTeachers(offline, dataset, order)).rejects.toThrow("1 of 2 teachers of tiny is not on this machine");
  expect((await (await openTeachers(offline, dataset, { ...order, count: 1 })).at(0, 0)).accuracy).toBeGreaterThan(0);
});

test("the cache is listed: kind, digest, members, bytes, and what made them", async () => {
  await openTeachers(artefactCache(), dataset, order);
  const [listed, ...more] = await listCache();
  expect(more).toEqual([]);
  const files = await readdir(listed!.folder);
  const sizes = await Promise.all(files.map(async (file) => (await readFile(join(listed!.folder, file))).length));
  expect(listed).toMatchObject({ kind: "teacher", members: 2, bytes: sizes[0]! + sizes[1]! });
  expect(listed!.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(listed!.folder).toContain(listed!.digest.slice(0, 12));
  expect(listed!.by).toMatch(/^attar \d.*onnxruntime-node/);
});

test.each(["pca", "autoencoder", "network"] as const)(
  "an encoder (%s) is fitted once, and opened as it was",
  async (kind) => {
    const images = await normaliseBatch(dataset, "train");
    const set = { name: "tiny", images, labels: dataset.train.labels, classes: dataset.classes };
    const source = { set, checksum: await setChecksum(set), normalisation: { mean: [0.2], std: [0.3] } };
    const spec = {
      pca: { kind: "pca", dimension: 3 },
      autoencoder: { kind: "autoencoder", dimension: 3, epochs: 1, width: 8 },
      network: { kind: "network", epochs: 1, layer: "embedding" },
    } as const;
    const wanted = { spec: spec[kind], network: convnet({ depth: 1, width: 2 }), seed: 0 };
    const made = vi.fn();
    const first = await openEncoder(artefactCache({ onMissing: made }), source, wanted);
    const again = await openEncoder(artefactCache({ onMissing: made }), source, wanted);
    expect(made).toHaveBeenCalledTimes(1);
    expect(again.description).toBe(first.description);
    expect((await again.encode(images)).data).toEqual((await first.encode(images)).data);
    const [folder] = await readdir(join(cache, "encoder"));
    const path = join(cache, "encoder", folder!, "encoder-0000.safetensors");
    const { parseEncoderFile } = await import("../views/pushForward/index.ts");
    const file = await readFile(path);
    expect((await parseEncoderFile(file, path)).normalisation).toEqual({ mean: [0.2], std: [0.3] });
    file[file.length - 2]! ^= 1;
    await writeFile(path, file);
    await expect(openEncoder(artefactCache(), source, wanted)).rejects.toMatchObject({
      code: "damaged-encoder",
      exitCode: 1,
    });
    expect(await openEncoder(artefactCache(), source, wanted)).toMatchObject({ description: first.description });
  },
);

test.each(["autoencoder", "network"] as const)(
  "an encoder (%s) that was interrupted goes on after its last whole pass, to the same bytes",
  async (kind) => {
    const images = await normaliseBatch(dataset, "train");
    const set = { name: "tiny", images, labels: dataset.train.labels, classes: dataset.classes };
    const source = { set, checksum: await setChecksum(set) };
    const spec = {
      autoencoder: { kind: "autoencoder", dimension: 3, epochs: 4, width: 8 },
      network: { kind: "network", epochs: 4, layer: "embedding" },
    } as const;
    const wanted = { spec: spec[kind], network: convnet({ depth: 1, width: 2 }), seed: 0 };
    const folder = async () => join(cache, "encoder", (await readdir(join(cache, "encoder")))[0]!);
    const passes: number[] = [];
    const controller = new AbortController();
    const onEpoch = (done: number) => {
      passes.push(done);
      if (done === 2) controller.abort();
    };
    const { signal } = controller;
    const stopped = openEncoder(artefactCache({ signal, onEpoch }), source, wanted);
    await expect(stopped).rejects.toMatchObject({ code: "interrupted", exitCode: 4 });
    expect(await readdir(await folder())).toEqual(["encoder-0000.part.safetensors"]);
    await openEncoder(artefactCache({ onEpoch }), source, wanted);
    expect(passes).toEqual([1, 2, 3, 4]);
    const resumed = await readFile(join(await folder(), "encoder-0000.safetensors"));
    await rm(join(cache, "encoder"), { recursive: true });
    await openEncoder(artefactCache(), source, wanted);
    expect(await readFile(join(await folder(), "encoder-0000.safetensors"))).toEqual(resumed);
  },
);

test("a set's checksum tells values, labels and shapes apart", async () => {
  const images = await normaliseBatch(dataset, "train");
  const { labels } = dataset.train;
  const sums = await Promise.all([
    setChecksum({ images, labels }),
    setChecksum({ images: images.reshape([36, 1, 4, 16]), labels }),
    setChecksum({ images, labels: labels.slice().reverse() }),
    setChecksum({ images: await normaliseBatch(dataset, "train", [...labels.keys()].reverse()), labels }),
  ]);
  expect(new Set(sums).size).toBe(4);
});
