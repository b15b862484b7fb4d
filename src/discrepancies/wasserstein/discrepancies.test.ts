import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomKey, type Tensor, tensor } from "../../engine/index.ts";
import type { EmpiricalMeasure, Measurable } from "../discrepancy.ts";
import { measurables, measurableNamed as named } from "../registry.ts";

const all = measurables.filter(({ name }) => /wasserstein|bottleneck|sinkhorn|hausdorff|covering/.test(name));
const classes = ["a", "b"];

function measure(points: Tensor, name = "a set"): EmpiricalMeasure {
  const n = points.shape[0]!;
  return { name, points, labels: Int32Array.from({ length: n }, (_, i) => i % 2), classes };
}
const cloud = (n: number, d: number, seed: number, change: (v: number, k: number) => number = (v) => v) =>
  measure(
    tensor(
      Float32Array.from(randomKey(seed).normal(n * d), (v, e) => change(v, e % d)),
      [n, d],
    ),
  );

const context = { seed: 1, network: { name: "convnet", options: {} } };
/** Fewer steps than a person would take: these tests ask for properties, not for accuracy. */
const quick: Record<string, Record<string, number>> = {
  "wasserstein-dual": { steps: 60, width: 16 },
  covering: { k: 100 },
};
const value = async (d: Measurable, a: EmpiricalMeasure, b: EmpiricalMeasure, options = {}) =>
  (await d.measure(a, b, context, { ...quick[d.name], ...options })).value;

test("options out of range are refused", () => {
  for (const { options, resolve } of all)
    for (const option of Object.keys(options)) expect(() => resolve({ [option]: -1 })).toThrow(/got "-1"/);
  expect(() => named("wasserstein").resolve({ p: 0.5 })).toThrow(/from 1/);
  expect(() => named("sinkhorn").resolve({ smoothing: 0 })).toThrow(/got "0"/);
});

describe.each(all.map((d) => [d.name, d] as const))("%s", (_, d) => {
  test("zero from a set to itself and not negative; symmetric unless directed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 1, max: 10 }), async (seed, n) => {
        const [u, v] = [cloud(n, 2, seed), cloud(7, 2, seed + 1)];
        expect(await value(d, u, u)).toBe(0);
        const uv = await value(d, u, v);
        expect(uv).toBeGreaterThanOrEqual(0);
        const directed = d.name === "hausdorff-directed" || d.name === "covering" || d.name === "wasserstein-dual";
        if (!directed) expect(await value(d, v, u)).toBeCloseTo(uv, 3);
      }),
      { numRuns: 6 },
    );
  });

  test("tells equal means of different variance apart, and grows with noise", async () => {
    const a = cloud(80, 2, 1);
    const same = await value(d, a, cloud(80, 2, 2));
    const wider = await value(
      d,
      a,
      cloud(80, 2, 2, (v) => 4 * v),
    );
    const widest = await value(
      d,
      a,
      cloud(80, 2, 2, (v) => 9 * v),
    );
    if (d.name !== "hausdorff-directed" && d.name !== "covering") expect(wider).toBeGreaterThan(1.5 * same);
    const there = await value(
      d,
      cloud(80, 2, 2, (v) => 4 * v),
      a,
    );
    expect(Math.max(wider, there)).toBeGreaterThan(1.5 * same);
    const far = await value(
      d,
      cloud(80, 2, 2, (v) => 9 * v),
      a,
    );
    expect(Math.max(widest, far)).toBeGreaterThan(1.3 * Math.max(wider, there));
  });

  test("one sample, and duplicates", async () => {
    const [one, other] = [measure(tensor([0, 0], [1, 2])), measure(tensor([3, 4], [1, 2]))];
    const expected: Record<string, number> = { "wasserstein-labelled": 5, "sliced-wasserstein": 5 / Math.SQRT2 };
    const found = await value(d, one, other, d.name === "wasserstein-dual" ? { steps: 400 } : {});
    expect(Math.abs(found / (expected[d.name] ?? 5) - 1)).toBeLessThan(d.name === "sliced-wasserstein" ? 0.15 : 0.01);
    expect(await value(d, measure(tensor([0, 0, 0, 0, 0, 0], [3, 2])), one)).toBeLessThan(
      d.labelAware ? Number.POSITIVE_INFINITY : 1e-6,
    );
  });

  test("points of another size, none, and NaN are refused with exit code 2", async () => {
    const a = cloud(5, 2, 1);
    for (const b of [cloud(5, 3, 1), cloud(0, 2, 1), measure(tensor([1, Number.NaN], [1, 2]))])
      await expect(value(d, a, b)).rejects.toMatchObject({ exitCode: 2 });
  });
});

test("permuted labels are seen by the labelled metric alone", async () => {
  const a = cloud(40, 2, 1);
  const turned = { ...a, labels: a.labels.map((y) => 1 - y) };
  expect(await value(named("wasserstein"), a, turned)).toBe(0);
  expect(await value(named("wasserstein-labelled"), a, turned)).toBeGreaterThan(0.1);
});

test("classes go by their names", async () => {
  const a = cloud(20, 2, 1);
  const renamed = { ...a, classes: ["b", "a"], labels: a.labels.map((y) => 1 - y) };
  expect(await value(named("wasserstein-labelled"), a, renamed)).toBeLessThan(1e-6);
});

test("large sets are drawn from, with a standard error and a word about it", async () => {
  const d = named("wasserstein");
  const [a, b] = [cloud(500, 2, 1), cloud(400, 2, 2, (v) => v + 1)];
  const drawn = await d.measure(a, b, context, { points: 60, draws: 6 });
  const exact = await d.measure(a, b, context);
  expect(exact).toMatchObject({ stderr: 0, estimator: "exact" });
  expect(Math.abs(drawn.value - exact.value)).toBeLessThan(5 * drawn.stderr + 0.15);
  expect(drawn.stderr).toBeGreaterThan(0);
  expect(drawn.estimator).toMatch(/6 draws of 60 of 500 and 60 of 400 points/);
  expect(await value(d, a, a, { points: 60 })).toBe(0);
});

test("a small side takes part whole", async () => {
  const d = named("wasserstein");
  const { estimator } = await d.measure(cloud(500, 2, 1), cloud(10, 2, 2), context, { points: 50 });
  expect(estimator).toMatch(/draws of 250 of 500 points/);
});

test("images are points", async () => {
  const images = measure(tensor(randomKey(1).normal(4 * 3 * 2 * 2), [4, 3, 2, 2]));
  const points = measure(images.points.reshape([4, 12]));
  const other = cloud(5, 12, 2);
  const asImages = { ...other, points: other.points.reshape([5, 3, 2, 2]) };
  for (const d of all) expect(await value(d, images, asImages)).toBe(await value(d, points, other));
});
