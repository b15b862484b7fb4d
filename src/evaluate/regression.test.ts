import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet } from "../data/index.ts";
import { mlp } from "../hypotheses/index.ts";
import { coresetAsSet, evaluate } from "./index.ts";

test("a set whose labels are values is trained on with the squared error, and so is what stands beside it", async () => {
  const dataset = await tinyDataset({ perClass: 20 });
  const real = await coresetAsSet(dataset, "random", 3, 0);
  // Classes named in turn: a network that learns these values is wrong on the test split in a known way.
  const softLabels = Float32Array.from({ length: 27 }, (_, i) => {
    const [row, k] = [Math.floor(i / 3), i % 3];
    return 5 * (((real.labels[row]! + 1) % 3 === k ? 1 : 0) - 1 / 3);
  });
  const set: CondensedSet = { ...real, method: "turned", softLabels, loss: "squared-error" };
  const options = { networks: [mlp({ width: 32, depth: 1 })], repeats: 1, baselines: ["random"], epochs: 200 };
  const result = await evaluate(set, dataset, { ...options, augmentation: "none" });
  expect(result.protocol.recipe).toMatchObject({ loss: "squared-error", optimizer: "adam", schedule: "warmup-cosine" });
  expect(result.results[0]!.accuracy.mean).toBeLessThan(0.2);
  expect(result.baselines.random!.results[0]!.accuracy.mean).toBeGreaterThan(0.7);
  const named = await evaluate({ ...set, loss: undefined, softLabels: undefined }, dataset, {
    ...options,
    augmentation: "none",
    baselines: [],
  });
  expect(named.protocol.recipe.loss).toBeUndefined();
});

test("a set with a learned learning rate is trained on with it, subsets beside it with the field's", async () => {
  const dataset = await tinyDataset({ perClass: 20 });
  const set: CondensedSet = { ...(await coresetAsSet(dataset, "random", 3, 0)), method: "learned", learningRate: 1e-9 };
  const options = { networks: [mlp({ width: 32, depth: 1 })], repeats: 1, baselines: ["random"], epochs: 50 };
  const result = await evaluate(set, dataset, { ...options, augmentation: "none" });
  expect(result.protocol.recipe.learningRate).toBe(1e-9);
  expect(result.baselines.random!.protocol!.recipe.learningRate).toBe(0.01);
  // Without a step the network stays as it started; the same images teach it at the field's rate.
  expect(result.results[0]!.accuracy.mean).toBeLessThan(0.6);
  expect(result.baselines.random!.results[0]!.accuracy.mean).toBeGreaterThan(0.7);
});
