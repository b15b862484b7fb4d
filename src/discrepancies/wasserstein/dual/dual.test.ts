import fc from "fast-check";
import { expect, test } from "vitest";
import { randomKey, tensor } from "../../../engine/index.ts";
import { wassersteinDistance } from "../exact.ts";
import { wassersteinDual } from "./dual.ts";
import { spectralNormBound } from "./spectralNorm.ts";

const key = randomKey(1);
const cloud = (n: number, d: number, seed: number, change: (v: number, k: number) => number = (v) => v) => ({
  points: tensor(
    Float32Array.from(randomKey(seed).normal(n * d), (v, e) => change(v, e % d)),
    [n, d],
  ),
});

test.each([
  ["two points apart", cloud(1, 3, 1), cloud(1, 3, 2), 0.999],
  ["a shifted cloud", cloud(200, 5, 1), cloud(200, 5, 1, (v) => v + 2), 0.98],
  ["equal means, another variance", cloud(300, 2, 1), cloud(300, 2, 2, (v) => 3 * v), 0.8],
] as const)("%s: a lower bound of W1, and near it", async (_, a, b, share) => {
  const exact = await wassersteinDistance(a, b, { p: 1 });
  const { value, lipschitz } = await wassersteinDual(a, b, { key, steps: 300 });
  expect(value).toBeLessThanOrEqual(exact * (1 + 1e-5));
  expect(value).toBeGreaterThan(share * exact);
  expect(Math.abs(lipschitz - 1)).toBeLessThan(1e-3);
});

test("never above W1, however little it was trained", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 0, max: 20 }), async (seed, steps) => {
      const [a, b] = [cloud(12, 3, seed), { ...cloud(9, 3, seed + 1), weights: randomWeights(9, seed) }];
      const { value } = await wassersteinDual(a, b, { key: randomKey(seed), steps, width: 16 });
      expect(value).toBeLessThanOrEqual((await wassersteinDistance(a, b, { p: 1 })) * (1 + 1e-5));
    }),
    { numRuns: 12 },
  );
});

test("zero from a set to itself; the same key, the same value", async () => {
  const [a, b] = [cloud(700, 4, 1), cloud(500, 4, 2)];
  expect((await wassersteinDual(a, a, { key, steps: 10 })).value).toBe(0);
  const run = () => wassersteinDual(a, b, { key, steps: 10 });
  expect(await run()).toEqual(await run());
});

test("the bound of the spectral norm is one, and tight", () => {
  const diagonal = tensor([3, 0, 0, 0, -2, 0], [2, 3]);
  expect(spectralNormBound(diagonal)).toBeCloseTo(3, 10);
  const [rows, columns] = [20, 30];
  const weight = tensor(randomKey(4).normal(rows * columns), [rows, columns]);
  let v = Float64Array.from(randomKey(5).normal(columns));
  let norm = 0;
  for (let k = 0; k < 500; k++) {
    const u = Float64Array.from({ length: rows }, (_, i) =>
      v.reduce((s, x, j) => s + x * weight.data[i * columns + j]!, 0),
    );
    const next = v.map((_, j) => u.reduce((s, x, i) => s + x * weight.data[i * columns + j]!, 0));
    norm = Math.sqrt(Math.hypot(...next));
    v = next.map((x) => x / norm ** 2);
  }
  expect(spectralNormBound(weight)).toBeGreaterThanOrEqual(norm * (1 - 1e-12));
  expect(spectralNormBound(weight)).toBeLessThan(norm * (1 + 1e-5));
});

const randomWeights = (n: number, seed: number) => Float64Array.from(randomKey(seed).uniform(n, 0.1, 1));
