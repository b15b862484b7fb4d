import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet } from "../data/index.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { tensor } from "../engine/index.ts";
import { fullyConnectedKernel, mlp, parseNetwork, rowsOf } from "../hypotheses/index.ts";
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
  expect(result.results[0]!.accuracy!.mean).toBeLessThan(0.2);
  expect(result.baselines.random!.results[0]!.accuracy!.mean).toBeGreaterThan(0.7);
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
  expect(result.results[0]!.accuracy!.mean).toBeLessThan(0.6);
  expect(result.baselines.random!.results[0]!.accuracy!.mean).toBeGreaterThan(0.7);
});

test("an infinitely wide network is its kernel's regression on the set, the same in every run", async () => {
  const dataset = await tinyDataset({ perClass: 20 });
  const set = await coresetAsSet(dataset, "random", 3, 0);
  const options = { networks: [parseNetwork("ntk:depth=2,ridge=0.001"), parseNetwork("nngp")], baselines: ["kmeans"] };
  const found = await evaluate(set, dataset, { ...options, augmentation: "none" });
  const kernel = fullyConnectedKernel("ntk", { depth: 2 });
  const [images, test] = [tensor(set.images, [9, ...set.shape]), await normaliseBatch(dataset, "test")];
  const matrix = kernel.exact!(rowsOf(images), rowsOf(images));
  const cross = kernel.exact!(rowsOf(test), rowsOf(images));
  const mean = Array.from({ length: 9 }, (_, i) => matrix[10 * i]!).reduce((a, b) => a + b, 0) / 9;
  for (let i = 0; i < 9; i++) matrix[10 * i]! += 0.001 * mean;
  const alpha = solveDense(
    matrix,
    Array.from(set.labels, (label) => [0, 1, 2].map((k) => Number(k === label) - 1 / 3)),
  );
  const right = Array.from(dataset.test.labels).filter((label, i) => {
    const values = [0, 1, 2].map((k) => alpha.reduce((sum, row, j) => sum + row[k]! * cross[9 * i + j]!, 0));
    return values.indexOf(Math.max(...values)) === label;
  });
  expect(found.results.map(({ net }) => net)).toEqual(["ntk:depth=2,ridge=0.001", "nngp"]);
  expect(found.results[0]!.accuracy!.runs).toEqual([right.length / dataset.test.labels.length]);
  expect(found.baselines.kmeans!.results).toHaveLength(2);
});

/** Gauss-Jordan elimination. */
function solveDense(matrix: Float64Array, right: number[][]): number[][] {
  const n = right.length;
  const rows = right.map((r, i) => [...matrix.subarray(i * n, (i + 1) * n), ...r]);
  for (let i = 0; i < n; i++) {
    const pivot = rows[i]!.map((v) => v / rows[i]![i]!);
    for (let j = 0; j < n; j++) rows[j] = j === i ? pivot : rows[j]!.map((v, k) => v - rows[j]![i]! * pivot[k]!);
  }
  return rows.map((row) => row.slice(n));
}
