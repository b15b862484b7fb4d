import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadDigits } from "./digits.ts";
import { makeDataset } from "./makeDataset.ts";
import { denormalise, normalise } from "./normalise.ts";
import { normaliseBatch } from "./normaliseBatch.ts";
import { matrixRoots } from "./zca.ts";

const golden = JSON.parse(readFileSync(new URL("../../golden/data/zca.json", import.meta.url), "utf8"));
const shape = [2, 3, 2] as const;
const stored = Uint8Array.from(golden.stored);
const labels = Int32Array.from({ length: 12 }, (_, i) => i % 2);
const raw = { name: "g", shape, classes: ["a", "b"], train: { images: stored, labels }, scale: 255, source: "golden" };

const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  expect(worst).toBeLessThan(tolerance);
};

describe("against NumPy", () => {
  test("channel statistics, of bytes and of floats", async () => {
    const { normalisation } = await makeDataset(raw);
    close(normalisation.mean, golden.mean, 1e-8);
    close(normalisation.std, golden.std, 1e-8);
    const floats = { images: Float32Array.from(stored, (v) => v / 255), labels };
    const { normalisation: same } = await makeDataset({ ...raw, train: floats, scale: 1 });
    close(same.mean, golden.mean, 1e-7);
    close(same.std, golden.std, 1e-7);
  });

  test("regularised ZCA: matrices, batches, inverse", async () => {
    const dataset = await makeDataset(raw, "zca");
    const zca = dataset.normalisation.zca!;
    close(zca.mean, golden.zcaMean, 1e-6);
    close(zca.whiten, golden.whiten, 1e-5);
    close(zca.unwhiten, golden.unwhiten, 1e-5);
    const batch = normalise(dataset, "train");
    expect(batch.shape).toEqual([12, ...shape]);
    close(batch.data, golden.whitened, 1e-5);
    close((await normaliseBatch(dataset, "train")).data, golden.whitened, 1e-5);
    const back = denormalise(batch.data as Float32Array, shape, dataset.normalisation);
    close(
      back,
      Array.from(stored, (v) => v / 255),
      1e-5,
    );
  });
});

test("denormalise undoes normalise for any rows, and clips", async () => {
  const digits = await loadDigits();
  const rows = fc.array(fc.nat(digits.train.labels.length - 1), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rows, (indices) => {
      const { data } = normalise(digits, "train", indices);
      const expected = indices.flatMap((i) =>
        Array.from(digits.train.images.subarray(i * 64, i * 64 + 64), (v) => v / 16),
      );
      close(denormalise(data as Float32Array, digits.shape, digits.normalisation), expected, 1e-6);
    }),
    { numRuns: 30 },
  );
  const wild = Float32Array.of(-1e9, 1e9, Number.NaN);
  expect(denormalise(wild, [1, 1, 3], digits.normalisation)).toEqual(Float32Array.of(0, 1, 0));
  expect(() => normalise(digits, "train", [1438])).toThrow(RangeError);
});

test("matrix roots: their squares give the matrix and its inverse", async () => {
  const size = fc.integer({ min: 1, max: 6 });
  const sample = size.chain((n) =>
    fc.tuple(fc.constant(n), fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n * n, maxLength: n * n })),
  );
  await fc.assert(
    fc.asyncProperty(sample, async ([n, b]) => {
      const product = (x: ArrayLike<number>, y: ArrayLike<number>) =>
        Float64Array.from({ length: n * n }, (_, at) => {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += x[Math.floor(at / n) * n + k]! * y[k * n + (at % n)]!;
          return sum;
        });
      const transposed = b.map((_, at) => b[(at % n) * n + Math.floor(at / n)]!);
      const diagonal = (value: number) => Float64Array.from(b, (_, at) => (at % (n + 1) === 0 ? value : 0));
      const gram = product(b, transposed);
      const matrix = gram.map((v, at) => v / 81 + diagonal(0.1)[at]!);
      const { root, inverseRoot } = await matrixRoots(matrix, n);
      close(product(root, root), matrix, 1e-4);
      close(product(root, inverseRoot), diagonal(1), 1e-4);
    }),
    { numRuns: 20 },
  );
  await expect(matrixRoots(Float64Array.of(1, 0, 0, -1), 2)).rejects.toThrow(/not positive definite/);
});

test("ZCA of images that are all the same changes nothing but the mean", async () => {
  const same = { images: new Uint8Array(8).fill(9), labels: Int32Array.of(0, 1) };
  const dataset = await makeDataset({ ...raw, shape: [1, 2, 2], train: same }, "zca");
  expect([...normalise(dataset, "train").data].every((v) => Math.abs(v) < 1e-6)).toBe(true);
});
