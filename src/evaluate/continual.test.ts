import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { onClasses, setOnClasses } from "../data/onClasses.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { continual, coresetAsSet, tasksOf } from "./index.ts";

test("a dataset and a set of some classes, numbered anew in their order", async () => {
  const dataset = await tinyDataset({ classes: 4, perClass: 6 });
  const part = await onClasses(dataset, [3, 1]);
  expect(part.classes).toEqual(["class 3", "class 1"]);
  expect([part.train.labels.length, part.test.labels.length]).toEqual([12, 8]);
  const first = part.train.labels.indexOf(0);
  const original = dataset.train.labels.indexOf(3);
  const rowOf = (images: ArrayLike<number>, i: number) => Array.from({ length: 64 }, (_, p) => images[i * 64 + p]);
  expect(rowOf(part.train.images, first)).toEqual(rowOf(dataset.train.images, original));
  expect(part.checksum).not.toBe(dataset.checksum);
  expect((await onClasses(dataset, [1, 3])).checksum).not.toBe(part.checksum);
  const set = await coresetAsSet(dataset, "random", 2, 0);
  const soft = Float32Array.from({ length: 8 * 4 }, (_, i) => ((i % 4) + 1) / 10);
  const kept = setOnClasses({ ...set, softLabels: soft, storedFloats: 256 }, [3, 1], part);
  expect([...kept.labels].sort()).toEqual([0, 0, 1, 1]);
  expect(kept.datasetChecksum).toBe(part.checksum);
  expect(kept.storedFloats).toBe(128);
  expect(Array.from(kept.softLabels!.subarray(0, 2), (v) => Number(v.toFixed(6)))).toEqual([0.666667, 0.333333]);
  const values = setOnClasses({ ...set, softLabels: soft, loss: "squared-error" }, [3, 1], part);
  expect(Array.from(values.softLabels!.subarray(0, 2), (v) => Number(v.toFixed(6)))).toEqual([0.4, 0.2]);
});

test("tasks of so many classes", () => {
  expect(tasksOf(5, 2)).toEqual([[0, 1], [2, 3], [4]]);
});

test("classes that come in tasks: networks on what is kept, tested on what was seen; found again when kept", async () => {
  const dataset = await tinyDataset({ classes: 4, perClass: 12 });
  const set = await coresetAsSet(dataset, "random", 2, 0);
  const kept = new Map<string, { values: Readonly<Record<string, number>>; seconds: number }>();
  let trained = 0;
  const options = {
    networks: [parseNetwork("mlp:width=16")],
    repeats: 2,
    epochs: 40,
    baselines: ["herding"],
    augmentation: "none",
    scores: {
      get: (key: string) => kept.get(key),
      set: async (key: string, score: { values: Readonly<Record<string, number>>; seconds: number }) => {
        trained++;
        kept.set(key, score);
      },
    },
  };
  const found = await continual(set, dataset, [[2, 0], [3], [1]], options);
  expect(found.steps.map(({ seen }) => seen)).toEqual([
    [2, 0],
    [2, 0, 3],
    [2, 0, 3, 1],
  ]);
  expect(found.scores.map(({ subject }) => subject)).toEqual(["random", "herding"]);
  const [own] = found.scores;
  expect(own!.last).toEqual(found.steps[2]!.evaluation.results[0]!.accuracy);
  const runs = [0, 1].map(
    (r) => found.steps.reduce((sum, { evaluation }) => sum + evaluation.results[0]!.accuracy!.runs[r]!, 0) / 3,
  );
  expect(own!.average.runs).toEqual(runs);
  // Rows of their own, which a network learns from two images each.
  expect(own!.last.mean).toBeGreaterThan(0.6);
  expect(trained).toBe(3 * 2 * 2);
  expect(await continual(set, dataset, [[2, 0], [3], [1]], options)).toEqual(found);
  expect(trained).toBe(3 * 2 * 2);
});

test.each([
  [[[0], [1]], /first task has two classes/],
  [[[0, 1], []], /the others one/],
  [[[0, 1], [1]], /comes once/],
  [[[0, 1], [7]], /none is 7/],
])("tasks %j are refused", async (tasks, message) => {
  const dataset = await tinyDataset();
  const set = await coresetAsSet(dataset, "random", 1, 0);
  await expect(continual(set, dataset, tasks)).rejects.toThrow(
    expect.objectContaining({ code: "bad-option", message: expect.stringMatching(message) }),
  );
});
