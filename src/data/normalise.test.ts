import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadDigits } from "./digits.ts";
import { makeDataset } from "./makeDataset.ts";
import { denormalise, normalise } from "./normalise.ts";
import { normaliseBatch } from "./normaliseBatch.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

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

test("eigenvectors rebuild any symmetric matrix, also with equal eigenvalues and zeros", async () => {
  const entry = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: -10, max: 10, noNaN: true }));
  const matrix = fc
    .integer({ min: 1, max: 9 })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(entry, { minLength: n * n, maxLength: n * n })));
  await fc.assert(
    fc.asyncProperty(matrix, async ([n, entries]) => {
      const a = Float64Array.from(
        entries,
        (_, at) => entries[Math.min(Math.floor(at / n), at % n) * n + Math.max(Math.floor(at / n), at % n)]!,
      );
      const { values, vectors } = await symmetricEigen(a.slice(), n);
      const rebuilt = new Float64Array(n * n);
      const gram = new Float64Array(n * n);
      for (let k = 0; k < n; k++)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            rebuilt[i * n + j]! += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
            gram[i * n + j]! += vectors[i * n + k]! * vectors[j * n + k]!;
          }
      close(rebuilt, a, 1e-12 * 100);
      close(
        gram,
        Float64Array.from(a, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
        1e-12,
      );
    }),
    { numRuns: 500 },
  );
});
