import { describe, expect, test } from "vitest";
import { ofGenerator } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet } from "../data/dataset.ts";
import { infoOf } from "../data/datasetInfo.ts";
import type { OptionValue } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { d4m } from "../methods/d4m.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import { condense, type RunOptions, resolveConfiguration } from "./index.ts";
import { artefactsNeeded, artefactsOf } from "./trainedNetworks.ts";

const dataset = await tinyDataset({ perClass: 8 });
const k = dataset.classes.length;
type Settings = Record<string, OptionValue>;

async function setOf(method: Method, settings: Settings = {}, more: RunOptions = {}): Promise<CondensedSet> {
  for await (const event of condense(dataset, method, { ipc: 2, settings, ...more }))
    if (event.event === "done") return event.set;
  throw new Error("no set");
}

const quick = { ...ofGenerator(d4m), "labels.teacher": "mlp:depth=1,width=8", "labels.teacherEpochs": 2 };

test("centres in the codes of the identity are those of pixels, bit for bit", async () => {
  const still = { ...d4m, labels: {} };
  const codes = await setOf({
    ...still,
    synthetic: { name: "latent", options: { generator: "identity", part: "none" } },
  });
  const pixels = await setOf({ ...still, synthetic: { name: "pixels" } });
  expect(codes.images).toEqual(pixels.images);
  expect(codes.softLabels).toBeUndefined();
});

describe("d4m", () => {
  test("decodes centres of latents as they are at layer 1, refines them at layer 0, and says what it opens", async () => {
    const plain = await setOf(d4m, { ...quick, "synthetic.layer": 1 });
    const refined = await setOf(d4m, quick);
    const again = await setOf(d4m, quick);
    expect(again).toEqual(refined);
    expect(refined.images).not.toEqual(plain.images);
    expect(refined.labels).toEqual(Int32Array.from({ length: 2 * k }, (_, i) => Math.floor(i / 2)));
    const configuration = resolveConfiguration(dataset, d4m, { ipc: 2, settings: quick });
    const needed = artefactsNeeded(infoOf(dataset), configuration);
    expect(needed.map(({ kind, count }) => [kind, count])).toEqual([
      ["generator", 1],
      ["teacher", 1],
    ]);
    const opened = await artefactsOf(dataset, configuration);
    expect(opened.map(({ identity }) => identity)).toEqual(needed.map(({ identity }) => identity));
  });

  test("one training serves with refinement and without", () => {
    const identityOf = (generator: string) =>
      artefactsNeeded(
        infoOf(dataset),
        resolveConfiguration(dataset, d4m, { ipc: 2, settings: { ...quick, "synthetic.generator": generator } }),
      )[0]!.identity;
    expect(identityOf("ldm:strength=0.3")).toEqual(identityOf("ldm:guidance=4,sampler=ddpm"));
    expect(identityOf("ldm:strength=0.3")).not.toEqual(identityOf("ldm:width=16"));
  });
});

describe("labels of a teacher", () => {
  const dm = { steps: 1, realBatch: 4, network: parseNetwork("convnet:depth=2,width=4") };
  const rows = (set: CondensedSet) =>
    Array.from({ length: 2 * k }, (_, i) => Array.from(set.softLabels!.subarray(i * k, (i + 1) * k)));

  test.each([
    ["random", {}],
    ["dm", dm],
  ] as const)("%s: images stay as they are, labels are shares that a temperature evens out", async (name, options) => {
    const method = methodNamed(name);
    const taught = { "labels.teacher": "mlp:depth=1,width=8", "labels.teacherEpochs": 30, "labels.temperature": 1 };
    const plain = await setOf(method, {}, options);
    const sharp = await setOf(method, taught, options);
    const soft = await setOf(method, { ...taught, "labels.temperature": 20 }, options);
    expect(sharp.images).toEqual(plain.images);
    expect(plain.softLabels).toBeUndefined();
    for (const row of rows(sharp)) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    const highest = (set: CondensedSet) => rows(set).reduce((sum, row) => sum + Math.max(...row), 0);
    expect(highest(sharp)).toBeGreaterThan(highest(soft));
    // The log-ratios of labels are those of the teacher's outputs, divided by the temperature.
    const ratio = (set: CondensedSet) => Math.log(rows(set)[0]![0]! / rows(set)[0]![1]!);
    expect(ratio(sharp) / ratio(soft)).toBeCloseTo(20, 2);
  });

  test("are refused where labels are learned, or learned where nothing moves", () => {
    const resolve = (name: string, settings: Settings) => () =>
      resolveConfiguration(dataset, methodNamed(name), { ipc: 2, settings });
    expect(resolve("kip", { "labels.teacher": "mlp" })).toThrow(/learns its labels/);
    expect(resolve("random", { "labels.learned": true })).toThrow(/takes no steps/);
    expect(resolve("random", { "labels.teacher": "mpl" })).toThrow(/teacher/);
  });
});
