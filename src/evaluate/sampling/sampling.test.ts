import { beforeAll, describe, expect, test } from "vitest";
import { cheapRun } from "../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { condense } from "../../condense/index.ts";
import { encodeCondensed, parseCondensed } from "../../data/condensedSet.ts";
import type { CondensedSet } from "../../data/dataset.ts";
import { readerOf } from "../../data/reader.ts";
import { type OptionValue, randomKey, Tensor } from "../../engine/index.ts";
import { convnet, parseNetwork } from "../../hypotheses/index.ts";
import { methodNamed } from "../../methods/index.ts";
import { Decoding, spaceNamed } from "../../synthetic/index.ts";
import { coresetAsSet } from "../coreset.ts";
import { type EvaluateOptions, evaluate } from "../evaluate.ts";
import { standardised } from "../standardised.ts";
import { parseSampling, samplingNamed, samplingText } from "./index.ts";

const dataset = await tinyDataset({ perClass: 8 });
const network = convnet({ depth: 1, width: 4 });

async function setOf(method: string, settings: Record<string, OptionValue>): Promise<CondensedSet> {
  const cheap = cheapRun(methodNamed(method));
  const options = { ...cheap, settings: { ...cheap.settings, ...settings } };
  for await (const event of condense(dataset, methodNamed(method), options))
    if (event.event === "done") return event.set;
  throw new Error("no set");
}

let [haba, dim, plain]: CondensedSet[] = [];
beforeAll(async () => {
  haba = await setOf("haba", {
    "synthetic.hallucinators": 3,
    "synthetic.bases": 2,
    "tricks.unlikeness.width": 4,
    "tricks.unlikeness.depth": 1,
  });
  dim = await setOf("dim", {
    "synthetic.generator": "wgan-gp:body=mlp,width=6,depth=1,z=3",
    "synthetic.draw": 4,
    "tricks.critic.body": "mlp",
    "tricks.critic.width": 6,
  });
  plain = await coresetAsSet(dataset, "random", 2, 0);
}, 120_000);

const scored = (set: CondensedSet, protocol: string, more: EvaluateOptions = {}) =>
  evaluate(set, dataset, {
    networks: [network],
    repeats: 1,
    epochs: 3,
    augmentation: "none",
    baselines: ["random"],
    sampling: parseSampling(protocol),
    ...more,
  });

test("a protocol's name is read and written, and its options are checked", () => {
  expect(samplingText(parseSampling("styles:standardised=true"))).toBe("styles:standardised=true");
  expect(samplingText(parseSampling("teacher:epochs=0"))).toBe("teacher");
  expect(() => parseSampling("frsh")).toThrow(/no protocol "frsh"/);
  expect(() => parseSampling("styles:standardized=true")).toThrow(/standardized/);
});

describe("a set with its codes", () => {
  test.each(["haba", "dim"])("goes through a file of %s to the same bytes", (which) => {
    const set = which === "haba" ? haba! : dim!;
    const bytes = encodeCondensed(set);
    const read = parseCondensed(bytes, "a test");
    expect(read.form?.space).toBe(which === "haba" ? "hallucinated" : "latent");
    expect(read.form?.renderings).toBe(which === "haba" ? 3 : 1);
    expect(encodeCondensed(read)).toEqual(bytes);
  });

  test("decodes to its images", async () => {
    for (const set of [haba!, dim!]) {
      const { form, ipc } = parseCondensed(encodeCondensed(set), "a test");
      const space = spaceNamed(form!.space).make(form!.options, readerOf(dataset).facts, ipc);
      const decoding = new Decoding(space, 3);
      const variables = Object.entries(form!.variables).map(([name, { data, shape }]) => [
        name,
        new Tensor(data as Float32Array, shape, "float32"),
      ]);
      const images = await decoding.images(Object.fromEntries(variables));
      expect(images.data).toEqual(set.images);
      decoding.dispose();
    }
  });

  test("says what it takes in each form, and the least of those that are whole", async () => {
    const { storage, storedBytes } = await scored(haba!, "bank");
    const { codes, codesAndDecoder, images, labels, least } = storage;
    expect(codes).toBe(4 * 3 * 2 * 64);
    expect(images).toBe(4 * 3 * 2 * 3 * 64);
    expect(least).toBe(Math.min(images, codesAndDecoder!) + labels);
    expect(storedBytes).toBe(least);
    const probabilities = await scored(dim!, "teacher:epochs=1");
    expect(probabilities.storage.labels).toBe(4 * 3 * 2 * 3);
    expect((await scored(plain!, "bank")).storage.codes).toBeUndefined();
  });
});

test("the ways of sampling share no hash and no score, and that of images alone is the one there was", async () => {
  const kept = new Map<string, { values: Record<string, number>; seconds: number }>();
  const scores = {
    get: (key: string) => kept.get(key),
    set: async (key: string, score: { values: Readonly<Record<string, number>>; seconds: number }) => {
      kept.set(key, score);
    },
  };
  const hashes = new Set<string>();
  for (const protocol of ["bank", "styles", "styles:standardised=true", "teacher:epochs=1"])
    hashes.add((await scored(haba!, protocol, { scores, baselines: [] })).protocol.hash);
  expect(hashes.size).toBe(4);
  expect(kept.size).toBe(4);
  const { sampling: _none, ...options } = {
    networks: [network],
    repeats: 1,
    epochs: 3,
    augmentation: "none",
  } as const as EvaluateOptions;
  const before = await evaluate(haba!, dataset, { ...options, baselines: [], scores });
  expect(hashes).toContain(before.protocol.hash);
  expect(kept.size).toBe(4);
});

test("fresh images are of new codes in every epoch, those of a key the same", async () => {
  const sampler = await samplingNamed("fresh").make({}, { set: dim!, dataset, seed: 0 });
  const bank = { images: new Tensor(dim!.images, [6, 1, 8, 8], "float32"), labels: dim!.labels };
  const { renewed, labels } = await sampler.of(bank);
  const [one, again, other] = [
    await renewed!(0, randomKey(1)),
    await renewed!(0, randomKey(1)),
    await renewed!(1, randomKey(2)),
  ];
  expect(one.shape).toEqual([6, 1, 8, 8]);
  expect(labels).toEqual(dim!.labels);
  expect(again.data).toEqual(one.data);
  expect(other.data).not.toEqual(one.data);
  expect(one.data).not.toEqual(bank.images.data);
  sampler.dispose();
  const [a, b] = [await scored(dim!, "fresh"), await scored(dim!, "fresh")];
  expect(a.results[0]!.accuracy).toEqual(b.results[0]!.accuracy);
  // Coresets beside it have no generator: they are under the protocol of their images, and say so.
  expect(a.baselines.random!.protocol?.sampling).toBeUndefined();
  expect(a.baselines.random!.protocol?.hash).not.toBe(a.protocol.hash);
});

test("styles are every base once, each in a rendering of its own", async () => {
  const sampler = await samplingNamed("styles").make({ standardised: false }, { set: haba!, dataset, seed: 0 });
  const all = new Tensor(haba!.images, [18, 1, 8, 8], "float32");
  const { images, labels, renewed } = await sampler.of({ images: all, labels: haba!.labels });
  expect(images.shape[0]).toBe(6);
  expect(labels).toEqual(Int32Array.of(0, 0, 1, 1, 2, 2));
  const seen = new Set<string>();
  for (let pass = 0; pass < 12; pass++) {
    const drawn = await renewed!(pass, randomKey(3).fold(pass));
    for (let base = 0; base < 6; base++) {
      const own = drawn.rows(base, base + 1).data.join();
      const rendering = [0, 1, 2].find((r) => all.rows(base * 3 + r, base * 3 + r + 1).data.join() === own);
      expect(rendering).toBeDefined();
      seen.add(`${base} ${rendering}`);
    }
  }
  expect(seen.size).toBe(18);
});

test("batches are standardised by their own mean and deviation", () => {
  const images = new Tensor(Float32Array.of(1, 3, 5, 7, 100, 300), [3, 2], "float32");
  const found = standardised(images, 2).data;
  const expected = [-3, -1, 1, 3].map((v) => v / Math.sqrt(5));
  for (const [i, v] of [...expected, -1, 1].entries()) expect(found[i]).toBeCloseTo(v, 5);
});

test("a teacher's labels are probabilities, of the coresets beside the set, too", async () => {
  const sampler = await samplingNamed("teacher").make({ epochs: 2, temperature: 2 }, { set: plain!, dataset, seed: 0 });
  const images = new Tensor(plain!.images, [6, 1, 8, 8], "float32");
  const { labels } = await sampler.of({ images, labels: plain!.labels });
  const { data, shape } = labels as Tensor;
  expect(shape).toEqual([6, 3]);
  for (let i = 0; i < 6; i++) expect(data[3 * i]! + data[3 * i + 1]! + data[3 * i + 2]!).toBeCloseTo(1, 5);
  sampler.dispose();
  const seen: string[] = [];
  const onProgress = ({ net, epoch, epochs }: { net: string; epoch: number; epochs: number }) =>
    void (net === "teacher" && seen.push(`${epoch} of ${epochs}`));
  const { baselines, protocol } = await scored(dim!, "teacher:epochs=1", { onProgress });
  // Whoever waits is told that the teacher is trained.
  expect(seen[0]).toBe("1 of 1");
  expect(protocol.sampling).toEqual({ name: "teacher", options: { epochs: 1, temperature: 4 } });
  expect(baselines.random!.protocol).toBeUndefined();
});

test("what a set has not is refused, with what to type", async () => {
  await expect(scored(plain!, "fresh")).rejects.toThrow(/no generator whose codes have a prior/);
  await expect(scored(haba!, "fresh")).rejects.toThrow(/no generator/);
  await expect(scored(dim!, "styles")).rejects.toThrow(/one rendering/);
  await expect(scored(dim!, "fresh", { networks: [parseNetwork("ntk")] })).rejects.toThrow(/in closed form on one set/);
});
