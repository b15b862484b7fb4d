import { expect, test } from "vitest";
import golden from "../../../golden/discrepancies/frechet.json" with { type: "json" };
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { context, measure } from "../../../test/fixtures/measures.ts";
import { tensor } from "../../engine/index.ts";
import { measurableNamed } from "../registry.ts";
import { squaredFrechet } from "./index.ts";
import { symmetricEigenvalues } from "./symmetricEigenvalues.ts";

const [x, y] = [formulaTensor([40, 6], 1), formulaTensor([30, 6], 2, 0.8, 0.3)];
const value = async (name: string, b: typeof y, options = {}) =>
  (await measurableNamed(name).measure(measure(x), measure(b), context, options)).value;

test("the distance of two sets' Gaussians is SciPy's, of a singular covariance too", async () => {
  const narrow = y.map((v, i) => (i % 6 === 2 ? y.data[i - 2]! : v));
  expect(await value("frechet", y)).toBeCloseTo(golden.frechet, 5);
  expect(await value("frechet", narrow)).toBeCloseTo(golden.singular, 5);
});

test("of fewer points than dimensions the distance is NumPy's, either way round", async () => {
  const [few, fewer] = [formulaTensor([12, 40], 4), formulaTensor([10, 40], 5, 0.8, 0.3)];
  const distance = async (a: typeof few, b: typeof few) =>
    (await measurableNamed("frechet").measure(measure(a), measure(b), context)).value;
  // Points are float32: eigenvalues that are 0 are rounding, and their roots 1e-4.
  expect(Math.abs((await distance(few, fewer)) - golden.few)).toBeLessThan(1e-3);
  expect(Math.abs((await distance(fewer, few)) - golden.few)).toBeLessThan(1e-3);
});

test("eigenvalues of a matrix of low rank are found, those that are 0 too", () => {
  const n = 120;
  const rows = formulaTensor([3, n], 6).data;
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return rows[i]! * rows[j]! + rows[n + i]! * rows[n + j]! + rows[2 * n + i]! * rows[2 * n + j]!;
  });
  const trace = Array.from({ length: n }, (_, i) => matrix[i * n + i]!).reduce((a, b) => a + b);
  const found = [...symmetricEigenvalues(matrix, n)].sort((a, b) => b - a);
  expect(found.slice(0, 3).reduce((a, b) => a + b)).toBeCloseTo(trace, 9);
  expect(Math.max(...found.slice(3).map(Math.abs))).toBeLessThan(1e-12 * trace);
});

test("known Gaussians have the distance of the closed form, and a set from itself none", async () => {
  const diagonal = (...v: number[]) => Float64Array.of(v[0]!, 0, 0, v[1]!);
  const a = { mean: Float64Array.of(1, 2), covariance: diagonal(4, 9) };
  const b = { mean: Float64Array.of(0, 4), covariance: diagonal(1, 25) };
  // Diagonal covariances: the squared differences of means and of deviations.
  expect(squaredFrechet(a, b)).toBeCloseTo(1 + 4 + (2 - 1) ** 2 + (3 - 5) ** 2, 12);
  expect(squaredFrechet(a, a)).toBeCloseTo(0, 12);
  expect(await value("frechet", x)).toBeLessThan(1e-6);
});

test("the polynomial MMD is scikit-learn's, biased and not", async () => {
  expect(await value("mmd-polynomial", y)).toBeCloseTo(golden.biased, 5);
  expect(await value("mmd-polynomial", y, { unbiased: true })).toBeCloseTo(golden.unbiased, 5);
});

test("eigenvalues of a symmetric matrix are SciPy's", () => {
  const { data } = formulaTensor([30, 30], 3);
  const matrix = Float64Array.from(data, (v, i) => v + data[(i % 30) * 30 + Math.floor(i / 30)]!);
  const found = symmetricEigenvalues(matrix, 30).sort();
  for (const [k, expected] of golden.eigenvalues.entries()) expect(found[k]).toBeCloseTo(expected, 9);
});

test("what has no covariance, or a huge one, is refused with a next step", async () => {
  const one = measure(tensor(new Float32Array(6), [1, 6]));
  const wide = measure(tensor(new Float32Array(3 * 1100), [3, 1100]));
  const frechet = measurableNamed("frechet");
  await expect(frechet.measure(measure(x), one, context)).rejects.toThrow(/has no covariance/);
  await expect(frechet.measure(wide, wide, context)).rejects.toThrow(/1100 columns/);
});
