import fc from "fast-check";
import { expect, test } from "vitest";
import golden from "../../../golden/discrepancies/wasserstein.json" with { type: "json" };
import { randomKey, tensor } from "../../engine/index.ts";
import { wassersteinDistance } from "./exact.ts";
import { directionsOn, slicedWasserstein } from "./sliced.ts";

const cloud = (n: number, d: number, seed: number) => ({ points: tensor(randomKey(seed).normal(n * d), [n, d]) });

test("POT: weighted, on its directions, p = 1 and 2", async () => {
  const a = { points: tensor(golden.x, [14, 3]), weights: Float64Array.from(golden.a) };
  const b = { points: tensor(golden.y, [11, 3]), weights: Float64Array.from(golden.b) };
  const directions = tensor(golden.directions, [16, 3]);
  for (const p of [1, 2] as const) {
    const { value } = await slicedWasserstein(a, b, directions, p);
    expect(Math.abs(value / golden.sliced[p] - 1)).toBeLessThan(1e-6);
  }
});

test("zero from a set to itself, symmetric, at most the Wasserstein metric", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 2, 3), async (seed, n, p) => {
      const [u, v] = [cloud(n, 4, seed), cloud(40, 4, seed + 1)];
      const directions = directionsOn(4, 20, randomKey(seed));
      expect((await slicedWasserstein(u, u, directions, p)).value).toBe(0);
      const { value } = await slicedWasserstein(u, v, directions, p);
      expect((await slicedWasserstein(v, u, directions, p)).value).toBeCloseTo(value, 6);
      expect(value).toBeLessThanOrEqual((await wassersteinDistance(u, v, { p })) + 1e-6);
    }),
    { numRuns: 20 },
  );
});

test("the standard error covers what other directions give", async () => {
  const [u, v] = [
    cloud(60, 5, 1),
    {
      points: tensor(
        Float32Array.from(randomKey(2).normal(300), (x, k) => x * (k % 5)),
        [60, 5],
      ),
    },
  ];
  const runs = await Promise.all(
    Array.from({ length: 40 }, (_, s) => slicedWasserstein(u, v, directionsOn(5, 50, randomKey(100 + s)))),
  );
  const mean = runs.reduce((s, r) => s + r.value, 0) / runs.length;
  const spread = Math.sqrt(runs.reduce((s, r) => s + (r.value - mean) ** 2, 0) / (runs.length - 1));
  const stated = runs.reduce((s, r) => s + r.stderr, 0) / runs.length;
  expect(stated / spread).toBeGreaterThan(0.7);
  expect(stated / spread).toBeLessThan(1.4);
});

test("more points than one block and strip holds", async () => {
  const n = 9000;
  const points = tensor(
    Float32Array.from({ length: 2 * n }, (_, e) => (e % 2 === 0 ? e / 2 / n : 0)),
    [n, 2],
  );
  const moved = tensor(
    Float32Array.from(points.data, (v, e) => (e % 2 === 0 ? v + 1 : v)),
    [n, 2],
  );
  const along = tensor([1, 0, 0, 1], [2, 2]);
  const { value } = await slicedWasserstein({ points }, { points: moved }, along, 1);
  expect(value).toBeCloseTo(0.5, 5);
});
