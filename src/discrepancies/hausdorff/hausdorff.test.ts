import { grad, type Array as Traced } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import golden from "../../../golden/discrepancies/hausdorff.json" with { type: "json" };
import { compile, randomKey, tensor } from "../../engine/index.ts";
import { euclidean } from "../wasserstein/ground/metric.ts";
import { fewestCentres, minimumCovering } from "./covering.ts";
import { directedHausdorff, hausdorffDistance } from "./directed.ts";
import { softHausdorff } from "./soft.ts";

const x = { points: tensor(golden.x, [40, 3]) };
const y = { points: tensor(golden.y, [30, 3]) };
const cloud = (n: number, d: number, seed: number) => ({ points: tensor(randomKey(seed).normal(n * d), [n, d]) });

/** The radius of k balls whose centres are each the point farthest from those before it, the first point first. */
function farthestFirst(points: Float32Array, d: number, k: number): number {
  const nearest = Float64Array.from({ length: points.length / d }, (_, i) => euclidean(points, i, points, 0, d));
  for (let c = 1; c < k; c++) {
    const centre = nearest.indexOf(Math.max(...nearest));
    for (const i of nearest.keys()) nearest[i] = Math.min(nearest[i]!, euclidean(points, i, points, centre, d));
  }
  return Math.max(...nearest);
}

test.each(golden.directed)("SciPy: both directions, $metric", async ({ metric, there, back }) => {
  expect((await directedHausdorff(x, y, { metric })).value).toBeCloseTo(there, 14);
  expect((await directedHausdorff(y, x, { metric })).value).toBeCloseTo(back, 14);
  expect(await hausdorffDistance(x, y, { metric })).toBeCloseTo(Math.max(there, back), 14);
});

test("the pair that attains it is at that distance", async () => {
  const { value, from, to } = await directedHausdorff(x, y);
  expect(euclidean(x.points.data as Float32Array, from, y.points.data as Float32Array, to, 3)).toBe(value);
});

test("blocks in the engine give the float64 value to the last bit", async () => {
  const [n, m, d] = [700, 300, 784];
  const [u, v] = [cloud(n, d, 1), cloud(m, d, 2)];
  const inEngine = await directedHausdorff(u, v);
  const onTheHost = await directedHausdorff(u, v, { metric: (...args) => euclidean(...args) });
  expect(inEngine).toEqual(onTheHost);
  expect((await directedHausdorff(u, u)).value).toBe(0);
});

test("axioms: zero from a set to itself, symmetry, triangle inequality, order and weights do not matter", async () => {
  const sets = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(1e6)).map(([n, seed]) => cloud(n, 2, seed));
  await fc.assert(
    fc.asyncProperty(
      sets,
      sets,
      sets,
      fc.constantFrom("euclidean", "manhattan", "chebyshev"),
      async (u, v, w, metric) => {
        const options = { metric };
        expect(await hausdorffDistance(u, u, options)).toBe(0);
        const uv = await hausdorffDistance(u, v, options);
        expect(await hausdorffDistance(v, u, options)).toBe(uv);
        expect(await hausdorffDistance(u, w, options)).toBeLessThanOrEqual(
          uv + (await hausdorffDistance(v, w, options)) + 1e-12,
        );
        const [n, d] = u.points.shape as [number, number];
        const turned = Array.from({ length: n }, (_, i) => [...u.points.rows(n - 1 - i, n - i).data]).flat();
        const weights = Float64Array.from({ length: n }, (_, i) => 1 + i);
        expect(await hausdorffDistance({ points: tensor(turned, [n, d]), weights }, v, options)).toBe(uv);
      },
    ),
    { numRuns: 40 },
  );
});

test("points without weight do not count", async () => {
  const outlier = { points: tensor([0, 0, 9], [3, 1]), weights: Float64Array.of(1, 1, 0) };
  expect(await hausdorffDistance(outlier, { points: tensor([0], [1, 1]) })).toBe(0);
});

describe("minimum finite covering", () => {
  test.each(golden.radius)("SciPy: least radius of $k balls", async ({ k, own, cross }) => {
    for (const [b, expected] of [
      [x, own],
      [y, cross],
    ] as const) {
      const { radius, centres, atLeast } = await minimumCovering(x, b, k);
      expect(radius).toBeCloseTo(expected, 10);
      expect(atLeast).toBe(radius);
      expect(centres.length).toBeLessThanOrEqual(k);
    }
  });

  test.each(golden.count)("SciPy: fewest balls of radius $radius", async ({ radius, own, cross }) => {
    const found = await fewestCentres(x, x, radius);
    expect([found.centres.length, found.atLeast]).toEqual([own, own]);
    if (cross === null) await expect(fewestCentres(x, y, radius)).rejects.toMatchObject({ exitCode: 2 });
    else expect((await fewestCentres(x, y, radius)).centres).toHaveLength(cross);
  });

  test("all of b is the directed Hausdorff distance", async () => {
    expect((await minimumCovering(x, y, 30)).radius).toBe((await directedHausdorff(x, y)).value);
  });

  test("out of set covers, a covering stands with a bound below it, the same however slow the machine is", async () => {
    const large = cloud(500, 4, 3);
    const { radius, centres, atLeast } = await minimumCovering(large, large, 12, { covers: 0 });
    const chosen = {
      points: tensor(
        centres.flatMap((j) => [...large.points.rows(j, j + 1).data]),
        [centres.length, 4],
      ),
    };
    expect((await directedHausdorff(large, chosen)).value).toBe(radius);
    expect(atLeast).toBeLessThan(radius);
    const longer = await minimumCovering(large, large, 12, { covers: 6 });
    const clock = vi.spyOn(performance, "now").mockReturnValue(Number.POSITIVE_INFINITY);
    const again = await minimumCovering(large, large, 12, { covers: 6 }).finally(() => clock.mockRestore());
    expect(again).toEqual(longer);
    expect(longer.radius).toBeGreaterThan(longer.atLeast);
    expect(longer.radius).toBeLessThanOrEqual(radius);
    expect(longer.atLeast).toBeGreaterThanOrEqual(atLeast);
    expect(longer.atLeast).toBeLessThanOrEqual(longer.radius);
  });

  test("a set cover too large for HiGHS is left to greedy covers, which are better than the first one", async () => {
    const large = cloud(500, 4, 3);
    const greedy = await minimumCovering(large, large, 12, { entries: 0 });
    expect(greedy).toEqual(await minimumCovering(large, large, 12, { covers: 0 }));
    expect(greedy.radius).toBeLessThan(0.95 * farthestFirst(large.points.data as Float32Array, 4, 12));
  });

  test("a covering under way ends where its signal is aborted, HiGHS and all", async () => {
    const large = cloud(3000, 4, 3);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("stopped")), 1500);
    const whole = { covers: Number.POSITIVE_INFINITY, signal: stop.signal };
    await expect(minimumCovering(large, large, 12, whole)).rejects.toThrow("stopped");
    // The next one has a thread of its own again.
    expect((await minimumCovering(y, y, 5)).centres.length).toBeLessThanOrEqual(5);
  });

  test("a radius needs no more balls than k that reach it", async () => {
    const { radius } = await minimumCovering(y, y, 5);
    expect((await fewestCentres(y, y, radius)).centres.length).toBeLessThanOrEqual(5);
    expect((await fewestCentres(y, y, radius * 0.999)).atLeast).toBeGreaterThan(5);
  });

  test.each([0, 31, 2.5])("k = %d of 30 is refused", async (k) => {
    await expect(minimumCovering(x, y, k)).rejects.toMatchObject({ exitCode: 2, code: "bad-option" });
  });
});

describe("soft surrogate", () => {
  const soft = (temperature: number) => compile((u: Traced, v: Traced) => softHausdorff(u, v, temperature));

  test("tends to the Hausdorff distance as the temperature falls", async () => {
    const exact = await hausdorffDistance(x, y);
    const errors = [];
    for (const temperature of [1, 0.1, 0.01, 0.001]) {
      const error = Math.abs((await soft(temperature)(x.points, y.points)).item() - exact);
      expect(error).toBeLessThan(temperature * Math.log(2 * 40 * 30) + 1e-5);
      errors.push(error);
    }
    expect(errors[3]).toBeLessThan(1e-3);
  });

  test("gradient against finite differences, every point taking part", async () => {
    const slope = compile((u: Traced, v: Traced) => grad((q: Traced) => softHausdorff(q, v, 0.5))(u));
    const gradient = await slope(x.points, y.points);
    const value = soft(0.5);
    for (const k of [0, 17, 50, 119]) {
      const at = async (h: number) => {
        const moved = tensor(golden.x, [40, 3]);
        moved.data[k] = moved.data[k]! + h;
        return (await value(moved, y.points)).item();
      };
      const expected = ((await at(0.05)) - (await at(-0.05))) / 0.1;
      expect(Math.abs(gradient.data[k]! - expected)).toBeLessThan(1e-4);
    }
    expect(gradient.data.every((g) => g !== 0)).toBe(true);
  });
});

describe("wrong input is one sentence and exit code 2", () => {
  test.each([
    ["another size", { points: tensor([1, 2], [1, 2]) }, /coordinates/],
    ["no points", { points: tensor([], [0, 3]) }, /no points/],
    ["NaN", { points: tensor([1, Number.NaN, 0], [1, 3]) }, /not finite/],
  ])("%s", async (_, b, message) => {
    await expect(hausdorffDistance(x, b)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
  test("an unknown metric", async () => {
    await expect(hausdorffDistance(x, y, { metric: "toString" })).rejects.toMatchObject({ exitCode: 2 });
  });
});
