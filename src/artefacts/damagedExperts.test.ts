import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { sha256 } from "../data/checksum.ts";
import type { NumericTensor } from "../data/formats/npy.ts";
import { encodeSafetensors, parseSafetensors } from "../data/formats/safetensors.ts";
import { expertRecipe, mlp } from "../hypotheses/index.ts";
import { type ExpertOrder, experts, openOrder } from "./experts.ts";
import { parseArtefact } from "./file.ts";
import { artefactCache, type CacheOptions } from "./node/artefactCache.node.ts";
import { listExperts, openExperts, scanExperts, trainExperts } from "./node/experts.node.ts";

const folders: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "attar-damaged-experts-"));
  folders.push(path);
  return path;
}
afterEach(() => vi.unstubAllEnvs());
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

const dataset = await tinyDataset();
const recipe = { ...expertRecipe, epochs: 2, batch: 8, augmentation: "" };
const options = { network: mlp({ depth: 1, width: 4 }), count: 2, recipe };
const trained = await folder();
await trainExperts(dataset, trained, options);
const good = await readFile(join(trained, "expert-0000.safetensors"));

/** The experts of an order from the cache. */
const cached = (order: ExpertOrder, more?: CacheOptions) => openOrder(artefactCache(more), dataset, order);

/** The expert's file with other tensors or metadata, and the hash that belongs to them. */
async function crafted(change: {
  tensors?: Record<string, NumericTensor>;
  metadata?: Record<string, string>;
}): Promise<Uint8Array> {
  const { tensors, metadata } = parseSafetensors(good, "good");
  const { sha256: _, ...own } = metadata;
  const all: Record<string, NumericTensor> = change.tensors ?? Object.fromEntries(tensors);
  const rest = { ...own, ...change.metadata };
  return encodeSafetensors(all, { ...rest, sha256: await sha256(encodeSafetensors(all, rest)) });
}
const own = Object.fromEntries(parseSafetensors(good, "good").tensors);
const f32 = (...shape: number[]): NumericTensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const refused = (bytes: Uint8Array, message: RegExp) =>
  expect(parseArtefact(experts, bytes, "f")).rejects.toMatchObject({
    code: "damaged-expert",
    exitCode: 1,
    message: expect.stringMatching(message),
  });

describe("what a file claims is checked before memory is taken for it", () => {
  test.each([
    [
      "states without content, thirty million of them",
      { "head.weight": f32(30_000_000, 0) },
      /^f has an empty tensor "head.weight" \[30000000,0\]$/,
    ],
    ["more states than epochs", { "head.weight": f32(1000, 1) }, /^f has 1000 states of "head.weight" and 2 epochs$/],
    ["no tensors", {}, /^f has no parameters$/],
    ["a name of one part", { weight: f32(3, 1) }, /"weight", which is no parameter/],
    ["a name with an empty part", { "a..d": f32(3, 1) }, /"a\.\.d", which is no parameter/],
    ["a layer that every object has", { "constructor.weight": f32(3, 1) }, /is no parameter/],
    ["a tensor that every object has", { "head.toString": f32(3, 1) }, /is no parameter/],
    ["a part that every object has", { ...own, "optimizer.__proto__.a.b": f32(1) }, /is no parameter/],
    ["another type", { "head.weight": { shape: [3], data: Int32Array.of(1, 2, 3) } }, /is no parameter/],
  ] as const)("%s", async (_what, tensors, message) => refused(await crafted({ tensors }), message));

  test.each([
    ["configuration", "{"],
    ["configuration", "null"],
    ["configuration", '{"dataset":"x"}'],
    ["losses", "5"],
    ["losses", '["a","b"]'],
    ["losses", ""],
    ["index", "-1"],
    ["index", "1e3"],
    ["accuracy", "nan"],
  ])("%s %s", async (key, value) =>
    refused(await crafted({ metadata: { [key]: value } }), /^f (is damaged|does not describe)/),
  );
});

/** Ways to damage a file, each found out at its header. */
const damages = {
  "no header": (_: Uint8Array) => new Uint8Array(3),
  "an absurd header": (bytes: Uint8Array) => bytes.with(7, 255),
  "a header that is no JSON": (bytes: Uint8Array) => bytes.with(20, 0),
  nothing: () => new Uint8Array(0),
};

describe("a damaged file in the cache stops nothing", () => {
  test.each(Object.entries(damages))("%s", async (_what, damage) => {
    vi.stubEnv("XDG_CACHE_HOME", await folder());
    const order = { network: options.network, recipe, seed: 0, count: 2 };
    await cached(order);
    const cache = join(process.env.XDG_CACHE_HOME!, "attar", "experts");
    const path = join(cache, (await readdir(cache))[0]!, "expert-0000.safetensors");
    await writeFile(path, damage(good));
    const named: string[] = [];
    const found = await cached(order, { onDamaged: (file) => named.push(file) });
    expect(named).toEqual([path]);
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(good));
    expect(await found.at(0, 2)).toBeDefined();
  });

  test("content that has changed is found out when it is read, renamed, and trained again by the next run", async () => {
    vi.stubEnv("XDG_CACHE_HOME", await folder());
    const order = { network: options.network, recipe, seed: 0, count: 2 };
    await cached(order);
    const cache = join(process.env.XDG_CACHE_HOME!, "attar", "experts");
    const path = join(cache, (await readdir(cache))[0]!, "expert-0001.safetensors");
    const content = new Uint8Array(await readFile(path));
    await writeFile(path, content.with(content.length - 5, content.at(-5)! ^ 1));
    const found = await cached(order);
    await expect(found.at(1, 0)).rejects.toMatchObject({
      code: "damaged-expert",
      message: `${path} is no expert, or its content has changed since it was written; it is now ${path}.damaged`,
    });
    expect(await (await cached(order)).at(1, 0)).toBeDefined();
    expect(new Uint8Array(await readFile(path))).toEqual(content);
  });
});

test("a folder's damaged files are named; the others are listed and opened", async () => {
  const path = await folder();
  await trainExperts(dataset, path, options);
  const [first, second] = ["expert-0000.safetensors", "expert-0001.safetensors"].map((name) => join(path, name));
  await writeFile(first!, "x");
  const { experts: whole, damaged } = await scanExperts(path);
  expect([whole.map((e) => e.index), damaged.map((d) => d.path)]).toEqual([[1], [first]]);
  expect(await listExperts(path)).toHaveLength(1);
  await writeFile(second!, good); // it says that it is number 0
  await expect(openExperts(path)).rejects.toMatchObject({
    code: "damaged-expert",
    message: expect.stringContaining(path),
  });
  await writeFile(second!, await crafted({ metadata: { index: "1", configuration: configurationWith("nonsense") } }));
  await expect(openExperts(path)).rejects.toMatchObject({
    code: "damaged-expert",
    message: expect.stringContaining(path),
  });
});

test("a folder of the user's that lacks its first expert is not taken for one of as many others", async () => {
  vi.stubEnv("XDG_CACHE_HOME", await folder());
  const path = await folder();
  await trainExperts(dataset, path, { ...options, count: 3 });
  await writeFile(join(path, "expert-0000.safetensors"), "x");
  const missing: number[] = [];
  const order = { network: options.network, recipe, seed: 0, count: 2 };
  await cached(order, { folders: () => [path], onMissing: (count) => missing.push(count) });
  expect(missing).toEqual([2]);
});

function configurationWith(network: string): string {
  const { metadata } = parseSafetensors(good, "good");
  return JSON.stringify({ ...JSON.parse(metadata.configuration!), network });
}
