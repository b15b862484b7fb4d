import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { makeDataset } from "../data/makeDataset.ts";
import { randomKey } from "../engine/index.ts";
import { buildNetwork, drawSegment, expertRecipe, mlp, trainExpert } from "../hypotheses/index.ts";
import { inMemory } from "./artefact.ts";
import { openOrder } from "./experts.ts";
import { artefactCache } from "./node/artefactCache.node.ts";
import { type ExpertsOptions, listExperts, openExperts, trainExperts } from "./node/experts.node.ts";

const folders: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "attar-experts-"));
  folders.push(path);
  return path;
}
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

const dataset = await tinyDataset();
const options: ExpertsOptions = {
  network: mlp({ depth: 1, width: 4 }),
  count: 2,
  recipe: { epochs: 3, batch: 8, momentum: 0.9, augmentation: "crop_rotate" },
};
const bytes = async (path: string) => {
  const names = (await readdir(path)).sort();
  return Promise.all(names.map(async (name) => [name, (await readFile(join(path, name))).toString("base64")]));
};

test("experts are kept epoch by epoch, read back as they were, and are better than they began", async () => {
  const path = await folder();
  const entries = await trainExperts(dataset, path, options);
  expect(entries.map((e) => [e.index, e.epochs])).toEqual([
    [0, 3],
    [1, 3],
  ]);
  for (const { losses } of entries) expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  const experts = await openExperts(path);
  expect([experts.count, experts.epochs, experts.network]).toEqual([2, 3, mlp({ depth: 1, width: 4 })]);
  const key = randomKey(0).fold("experts").fold(1);
  expect(await experts.at(1, 0)).toEqual(
    buildNetwork(experts.network, dataset.shape, dataset.classes.length).init(key.fold("init")),
  );
  expect(await experts.at(1, 3)).not.toEqual(await experts.at(1, 2));
  await expect(experts.at(1, 4)).rejects.toThrow("3 epochs");
});

test("interrupted anywhere and called again, the files are the same bytes", async () => {
  const [whole, broken] = [await folder(), await folder()];
  await trainExperts(dataset, whole, options);
  let interruptions = 0;
  for (let done = false; !done; ) {
    const abort = new AbortController();
    let epochs = 0;
    const onEpoch = () => ++epochs === 2 && abort.abort();
    const failure = await trainExperts(dataset, broken, { ...options, signal: abort.signal, onEpoch }).then(
      () => undefined,
      (error) => error,
    );
    if (failure) expect(failure).toMatchObject({ code: "interrupted", exitCode: 4 });
    if (failure) interruptions++;
    done = !failure;
  }
  expect(interruptions).toBe(3);
  expect(await bytes(broken)).toEqual(await bytes(whole));
  expect(await bytes(whole)).toHaveLength(2);
});

test("more experts leave those that are there; other settings are refused", async () => {
  const path = await folder();
  await trainExperts(dataset, path, { ...options, count: 1 });
  const before = await bytes(path);
  await trainExperts(dataset, path, options);
  expect(await bytes(path)).toEqual(expect.arrayContaining(before));
  const other = { ...options, recipe: { ...options.recipe, learningRate: 0.02 } };
  await expect(trainExperts(dataset, path, other)).rejects.toMatchObject({
    code: "other-experts",
    message: expect.stringContaining("learningRate 0.01 (now 0.02)"),
  });
  await expect(trainExperts(dataset, path, { ...options, images: 10_000 })).rejects.toMatchObject({ exitCode: 2 });
});

test("a file that has changed is found out when it is read", async () => {
  const path = await folder();
  await trainExperts(dataset, path, { ...options, count: 1 });
  const file = (await listExperts(path))[0]!.path;
  const content = await readFile(file);
  content[content.length - 5]! ^= 1;
  await writeFile(file, content);
  await expect((await openExperts(path)).at(0, 0)).rejects.toMatchObject({ code: "damaged-expert", exitCode: 1 });
  await expect(openExperts(await folder())).rejects.toMatchObject({ code: "no-experts" });
});

test("segments span what is asked, and starts cover the range", async () => {
  const path = await folder();
  await trainExperts(dataset, path, options);
  const experts = await openExperts(path);
  const seen = new Set<string>();
  for (let step = 0; step < 40; step++) {
    const { expert, epoch, start, target } = await drawSegment(experts, { latest: 1, span: 2 }, randomKey(step));
    seen.add(`${expert} ${epoch}`);
    expect(start).toEqual(await experts.at(expert, epoch));
    expect(target).toEqual(await experts.at(expert, epoch + 2));
  }
  expect([...seen].sort()).toEqual(["0 0", "0 1", "1 0", "1 1"]);
  await expect(drawSegment(experts, { latest: 2, span: 2 }, randomKey(0))).rejects.toMatchObject({
    code: "short-experts",
  });
});

test("networks with batch normalisation have no trajectory of parameters alone", async () => {
  const spec = { name: "convnet", options: { depth: 1, width: 4, normalisation: "batch" } };
  const network = buildNetwork(spec, dataset.shape, dataset.classes.length);
  await expect(trainExpert(network, {} as never, {} as never, randomKey(0))).rejects.toMatchObject({
    code: "unsupported-network",
  });
});

test("experts of one normalisation are not handed out, nor added to, under another", async () => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = await folder();
  try {
    const white = await makeDataset({ ...dataset, scale: 255 }, "zca");
    expect(white.checksum).toBe(dataset.checksum);
    const recipe = { ...expertRecipe, ...options.recipe };
    const order = { network: options.network!, recipe, seed: 0, count: 1 };
    const missing: string[] = [];
    const theirs = await folder();
    await trainExperts(dataset, theirs, { ...options, count: 1 });
    const cached = artefactCache({ folders: () => [theirs], onMissing: (_, where) => missing.push(where) });
    const plain = await openOrder(cached, dataset, order);
    expect(missing).toEqual([]);
    const whitened = await openOrder(cached, white, order);
    expect(missing).toHaveLength(1);
    expect(await whitened.at(0, 3)).toEqual(await (await openOrder(inMemory, white, order)).at(0, 3));
    expect(await whitened.at(0, 3)).not.toEqual(await plain.at(0, 3));
    await expect(trainExperts(white, theirs, options)).rejects.toMatchObject({
      code: "other-experts",
      message: expect.stringMatching(/normalisation channel: .* \(now zca: /),
    });
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});

test("a run's experts are the same from memory, from the cache and from a folder of attar experts", async () => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = await folder();
  try {
    const recipe = { ...expertRecipe, ...options.recipe };
    const order = { network: options.network!, recipe, seed: 0, count: 2 };
    const missing: number[] = [];
    const cached = artefactCache({ onMissing: (count) => missing.push(count) });
    const [memory, cache] = [await openOrder(inMemory, dataset, order), await openOrder(cached, dataset, order)];
    await openOrder(cached, dataset, { ...order, count: 1 });
    expect(missing).toEqual([2]);
    expect(await cache.at(1, 3)).toEqual(await memory.at(1, 3));
    const theirs = await folder();
    await trainExperts(dataset, theirs, { ...options, count: 3 });
    const there = artefactCache({ folders: () => [theirs], onMissing: () => expect.fail("they are there") });
    const found = await openOrder(there, dataset, { ...order, count: 3 });
    expect(found.count).toBe(3);
    expect(await found.at(1, 3)).toEqual(await memory.at(1, 3));
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});
