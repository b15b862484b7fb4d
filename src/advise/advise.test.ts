import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { resolveConfiguration } from "../condense/index.ts";
import { withValidation } from "../data/splits/validation.ts";
import { mlp } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { type Advice, adviceFrom } from "./advice.ts";
import { usualMethods } from "./candidates.ts";
import { type AdviseOptions, adviceChart, advise } from "./index.ts";
import { referenceEpochs } from "./reference.ts";
import { tried } from "./trial.ts";

const dataset = await tinyDataset({ perClass: 20 });
// Long enough for a busy machine: subsets alone do not use time up.
const subsets: AdviseOptions = { seconds: 600, methods: [], network: mlp({ width: 8 }), epochs: 12, networks: 2 };
const names = (advice: Advice) => advice.trials.map(({ method, ipc }) => `${method} ${ipc}`).sort();

const first = await advise(dataset, { ...subsets, sizes: [2, 1] });

test("every size has a random and a k-means subset, scored on rows of the training split alone", () => {
  expect(names(first)).toEqual(["kmeans 1", "kmeans 2", "random 1", "random 2"]);
  expect(first.question).toMatchObject({ trainedOn: 48, heldOut: 12, epochs: 12, networks: 2, reading: "accuracy" });
  for (const { score, bytes, ipc } of first.trials) {
    expect(bytes).toBe(3 * ipc * (64 * 4 + 8));
    expect(score.runs).toHaveLength(2);
    for (const run of score.runs) expect(Math.round(run * 12)).toBeCloseTo(run * 12, 6);
  }
  expect(first.reference).toMatchObject({ epochs: 36, score: { runs: [expect.any(Number)] } });
  expect(first.unfinished).toEqual([]);
});

test("the test split is not looked at", async () => {
  const blind = { ...dataset, test: { images: new Uint8Array(0), labels: new Int32Array(0) } };
  const again = await advise(blind, { ...subsets, sizes: [1] });
  const scores = (advice: Advice) => advice.trials.filter(({ ipc }) => ipc === 1).map(({ score }) => score);
  expect(scores(again)).toEqual(scores(first));
});

test("an advice is read back, and its picture says what was tried", () => {
  expect(adviceFrom(JSON.parse(JSON.stringify(first)))).toEqual(first);
  expect(adviceFrom({ ...first, format: "another" })).toBeUndefined();
  const svg = adviceChart(first);
  for (const text of ["What sizes of tiny are worth", ">kmeans<", ">random<", ">all training data<"])
    expect(svg).toContain(text);
});

describe("an earlier advice", () => {
  test("of the same question keeps its trials, and the rest is tried", async () => {
    const tried: string[] = [];
    const more = await advise(dataset, {
      ...subsets,
      sizes: [1, 3],
      earlier: first,
      onTrial: ({ method, ipc }) => tried.push(`${method} ${ipc}`),
    });
    expect(tried).toEqual(["random 3", "kmeans 3"]);
    expect(names(more)).toEqual([...names(first), "kmeans 3", "random 3"].sort());
    expect(more.reference).toEqual(first.reference);
  });

  test("of another one is refused", async () => {
    const other = advise(dataset, { ...subsets, sizes: [1], earlier: first, seed: 1 });
    await expect(other).rejects.toMatchObject({ code: "other-question", hint: expect.stringContaining("--force") });
  });
});

test("what is stopped is told, and what was scored before stays", async () => {
  const stop = new AbortController();
  const advice = await advise(dataset, {
    ...subsets,
    methods: [methodNamed("dm")],
    sizes: [1],
    signal: stop.signal,
    onProgress: (what) => {
      if (what === "dm at 1, steps") stop.abort();
    },
  });
  expect(names(advice)).toEqual(["kmeans 1", "random 1"]);
  expect(advice.unfinished).toEqual([
    { method: "dm", ipc: 1, why: "interrupted" },
    { method: "full", why: "interrupted" },
  ]);
});

test("a set that takes steps has its time, and the settings that make it again", async () => {
  const held = await withValidation(dataset, { share: 0.25, seed: 0 });
  const network = mlp({ width: 8 });
  const seconds = 4;
  const trial = await tried(held, methodNamed("dm"), 1, seconds, {
    question: { ...first.question, epochs: 5 },
    network,
    condense: { network },
    signal: new AbortController().signal,
  });
  if (typeof trial === "string") throw new Error(trial);
  expect(trial.condensed).toBeLessThan(2 * seconds);
  const { network: named, steps, realBatch, classes } = trial.settings;
  expect(named).toBe("mlp:width=8");
  expect(steps).toBeGreaterThan(10);
  const settings: Record<string, number> = classes === undefined ? {} : { "tricks.partition": classes };
  const again = resolveConfiguration(dataset, methodNamed("dm"), { steps, realBatch, settings, network, ipc: 1 });
  expect(again).toMatchObject({ steps, realBatch });
});

test("of small pictures no quarters are tried", async () => {
  const named = (data: typeof dataset) => usualMethods(data, 1).map(({ name }) => name);
  expect(named(dataset)).toEqual(["dm"]);
  expect(named(await tinyDataset({ side: 28 }))).toEqual(["m3d", "dm"]);
});

test("the reference has twenty epochs, more where they are few steps, and none where the time does not do", () => {
  const cost = { perEpoch: 1, beside: 10 };
  const epochs = (seconds: number, rows: number) => referenceEpochs(cost, { seconds, rows, epochs: 300 });
  expect([epochs(1e6, 60_000), epochs(1e6, 1000), epochs(60, 1000), epochs(14, 1000)]).toEqual([20, 225, 50, 0]);
  expect(referenceEpochs({ ...cost, refused: "too many" }, { seconds: 1e6, rows: 10, epochs: 1 })).toBe(0);
});

test.each<[string, AdviseOptions, string]>([
  ["a size beyond the smallest class", { sizes: [17] }, "use --ipc 16 or less"],
  ["no size", { sizes: [] }, "--ipc 1,10"],
  ["a method twice", { methods: [methodNamed("dm"), methodNamed("dm")] }, "another name"],
  ["a share beyond 1", { validationShare: 2 }, "--validation-share 0.2"],
])("%s is refused at once", async (_, options, hint) => {
  await expect(advise(dataset, options)).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining(hint) });
});
