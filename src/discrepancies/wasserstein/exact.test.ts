import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/discrepancies/wasserstein.json" with { type: "json" };
import { randomKey, type Tensor, tensor } from "../../engine/index.ts";
import { wassersteinBetween, wassersteinDistance } from "./exact.ts";
import { distanceMatrix } from "./ground/distances.ts";
import { euclidean } from "./ground/metric.ts";
import { weightedPoints } from "./ground/weightedPoints.ts";
import { transportByLinearProgramme } from "./linearProgramme.ts";
import { transportPlan } from "./networkSimplex.ts";
import { transportOnLine } from "./onLine.ts";

const x = { points: tensor(golden.x, [14, 3]) };
const y = { points: tensor(golden.y, [11, 3]) };
const a = { ...x, weights: Float64Array.from(golden.a) };
const b = { ...y, weights: Float64Array.from(golden.b) };

const relative = (value: number, expected: number) => Math.abs(value - expected) / Math.abs(expected);

describe("golden values", () => {
  test.each(golden.exact)("POT: $metric, p = $p, uniform: $uniform", async ({ metric, p, uniform, value }) => {
    const [u, v] = uniform ? [x, y] : [a, b];
    expect(relative(await wassersteinDistance(u, v, { p, metric }), value)).toBeLessThan(1e-12);
  });

  test.each(golden.bottleneck)("SciPy: bottleneck, $metric, uniform: $uniform", async ({ metric, uniform, value }) => {
    const [u, v] = uniform ? [x, y] : [a, b];
    expect(relative(await wassersteinDistance(u, v, { p: Infinity, metric }), value)).toBeLessThan(1e-14);
  });

  test("SciPy: assignment", async () => {
    const square = { points: tensor(golden.square, [11, 3]) };
    expect(relative(await wassersteinDistance(square, y), golden.assignment)).toBeLessThan(1e-12);
  });

  test("SciPy and POT on the line, by the quantile functions and by the linear programme", async () => {
    const { x: s, y: t, a: c, b: d } = golden.line;
    const order = (values: number[]) => values.map((_, k) => k).sort((i, j) => values[i]! - values[j]!);
    const [i, j] = [order(s), order(t)];
    for (const [p, value] of [
      [1, golden.line.w1],
      [2, golden.line.w2],
      [3, golden.line.w3],
    ] as const) {
      const closed = transportOnLine(
        i.map((k) => s[k]!),
        j.map((k) => t[k]!),
        p,
        i.map((k) => c[k]!),
        j.map((k) => d[k]!),
      );
      expect(relative(closed ** (1 / p), value)).toBeLessThan(1e-12);
      const u = { points: tensor(s, [9, 1]), weights: Float64Array.from(c) };
      const v = { points: tensor(t, [13, 1]), weights: Float64Array.from(d) };
      expect(relative(await wassersteinDistance(u, v, { p }), value)).toBeLessThan(1e-12);
    }
  });
});

test.each([2, Number.POSITIVE_INFINITY])("a problem under way ends where its signal is aborted, p = %d", async (p) => {
  const [u, v] = [weightedPoints(cloud(1500, 2, 3)), weightedPoints(cloud(1500, 2, 4))];
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")));
  await expect(wassersteinBetween(u, v, p, euclidean, stop.signal)).rejects.toThrow("stopped");
});

describe("against HiGHS", () => {
  test.each([
    [40, 40, true],
    [60, 25, false],
    [7, 90, false],
  ])("%d by %d points, uniform: %s", async (n, m, uniform) => {
    const u = weightedPoints(cloud(n, 5, 3, uniform ? undefined : n));
    const v = weightedPoints(cloud(m, 5, 4, uniform ? undefined : m));
    const cost = await distanceMatrix(u, v, euclidean);
    const plan = await transportPlan(cost, u.weights, v.weights);
    expect(relative(plan.cost, await transportByLinearProgramme(cost, u.weights, v.weights))).toBeLessThan(1e-9);
    expect(Math.abs(plan.gap)).toBeLessThan(1e-10);
    expect(plan.mass.length).toBeLessThanOrEqual(n + m - 1);
    const row = new Float64Array(n);
    const column = new Float64Array(m);
    for (const [e, mass] of plan.mass.entries()) {
      row[plan.rows[e]!] = row[plan.rows[e]!]! + mass;
      column[plan.columns[e]!] = column[plan.columns[e]!]! + mass;
    }
    for (const [i, w] of row.entries()) expect(w).toBeCloseTo(u.weights[i]!, 12);
    for (const [j, w] of column.entries()) expect(w).toBeCloseTo(v.weights[j]!, 12);
  });
});

/** n normal points, with random weights where a seed of theirs is given. */
function cloud(n: number, d: number, seed: number, weightSeed?: number): { points: Tensor; weights?: Float64Array } {
  const points = tensor(randomKey(seed).normal(n * d), [n, d]);
  if (weightSeed === undefined) return { points };
  return { points, weights: Float64Array.from(randomKey(weightSeed).uniform(n, 0.05, 1)) };
}

const clouds = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(1e6), fc.boolean())
  .map(([n, seed, weighted]) => cloud(n, 2, seed, weighted ? seed + 1 : undefined));
const orders = fc.constantFrom(1, 1.3, 2, 4, Number.POSITIVE_INFINITY);

describe("axioms", () => {
  test("zero from a measure to itself, symmetry, triangle inequality", async () => {
    await fc.assert(
      fc.asyncProperty(clouds, clouds, clouds, orders, async (u, v, w, p) => {
        expect(await wassersteinDistance(u, u, { p })).toBeLessThan(1e-7);
        const uv = await wassersteinDistance(u, v, { p });
        expect(await wassersteinDistance(v, u, { p })).toBeCloseTo(uv, 10);
        const vw = await wassersteinDistance(v, w, { p });
        expect(await wassersteinDistance(u, w, { p })).toBeLessThanOrEqual(uv + vw + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test("grows with p towards the bottleneck, which the Hausdorff distance of the supports bounds from below", async () => {
    await fc.assert(
      fc.asyncProperty(clouds, clouds, async (u, v) => {
        const values = await Promise.all([1, 2, 8, 400].map((p) => wassersteinDistance(u, v, { p })));
        const bottleneck = await wassersteinDistance(u, v, { p: Number.POSITIVE_INFINITY });
        for (let k = 1; k < values.length; k++) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]! - 1e-9);
        expect(values.at(-1)).toBeLessThanOrEqual(bottleneck + 1e-9);
        expect(values.at(-1)).toBeGreaterThan(bottleneck * 0.97);
      }),
      { numRuns: 40 },
    );
  });

  test("the order of the points does not matter", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.nat(1e6), orders, async (seed, order, p) => {
        const u = cloud(8, 3, seed, seed);
        const v = cloud(6, 3, seed + 1);
        const turned = randomKey(order).permutation(8);
        const points = tensor(
          Array.from(turned).flatMap((i) => [...u.points.rows(i, i + 1).data]),
          [8, 3],
        );
        const weights = Float64Array.from(turned, (i) => u.weights![i]!);
        expect(await wassersteinDistance({ points, weights }, v, { p })).toBeCloseTo(
          await wassersteinDistance(u, v, { p }),
          10,
        );
      }),
      { numRuns: 40 },
    );
  });

  test("a translation moves by its length, in every order", async () => {
    const u = cloud(20, 2, 5);
    const moved = {
      points: tensor(
        Float32Array.from(u.points.data, (v, k) => v + (k % 2 === 0 ? 3 : 4)),
        [20, 2],
      ),
    };
    for (const p of [1, 2, Number.POSITIVE_INFINITY])
      expect(await wassersteinDistance(u, moved, { p })).toBeCloseTo(5, 5);
  });
});

test("large problems go through the engine and agree with float64", async () => {
  const [n, m, d] = [150, 220, 784];
  const u = weightedPoints(cloud(n, d, 1));
  const v = weightedPoints(cloud(m, d, 2));
  v.data.set(u.data.subarray(0, 3 * d)); // distance zero, which float32 cancellation alone would not give
  const engine = await distanceMatrix(u, v, euclidean);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      expect(Math.abs(engine[i * m + j]! - euclidean(u.data, i, v.data, j, d))).toBeLessThan(2e-5);
  expect([engine[0], engine[m + 1], engine[2 * m + 2]]).toEqual([0, 0, 0]);
});

test("exact W2 of 500 by 500 points in 784 dimensions takes well under ten seconds of a core", async () => {
  const started = process.cpuUsage();
  await wassersteinDistance(cloud(500, 784, 1), cloud(500, 784, 2));
  expect(process.cpuUsage(started).user).toBeLessThan(10e6);
});

describe("wrong input is one sentence and exit code 2", () => {
  const refused = (message: RegExp) =>
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) });
  test.each([0.5, 0, -1, Number.NaN])("p = %d", async (p) => {
    await expect(wassersteinDistance(x, y, { p })).rejects.toEqual(refused(/order p .* at least 1/));
  });
  test("an unknown metric", async () => {
    await expect(wassersteinDistance(x, y, { metric: "euclidian" })).rejects.toEqual(
      refused(/metric named "euclidian"/),
    );
  });
  test("points of another size", async () => {
    const other = { points: tensor(golden.y.slice(0, 22), [11, 2]), name: "flat" };
    await expect(wassersteinDistance(x, other)).rejects.toEqual(refused(/flat of 2/));
  });
  test("no points, no mass, a NaN, a negative weight, too few weights", async () => {
    await expect(wassersteinDistance(x, { points: tensor([], [0, 3]) })).rejects.toEqual(refused(/no points/));
    await expect(wassersteinDistance(x, { ...y, weights: new Float64Array(11) })).rejects.toEqual(refused(/no mass/));
    const bad = tensor(golden.y, [11, 3]);
    bad.data[7] = Number.NaN;
    await expect(wassersteinDistance(x, { points: bad })).rejects.toEqual(refused(/not finite: NaN in sample 2/));
    await expect(wassersteinDistance(x, { ...y, weights: new Float64Array(11).fill(-1) })).rejects.toEqual(
      refused(/negative/),
    );
    await expect(wassersteinDistance(x, { ...y, weights: new Float64Array(3) })).rejects.toEqual(refused(/3 weights/));
  });
});
