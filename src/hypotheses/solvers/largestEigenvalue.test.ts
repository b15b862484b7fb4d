import fc from "fast-check";
import { expect, test } from "vitest";
import { randomKey } from "../../engine/index.ts";
import { largestEigenvalue } from "./largestEigenvalue.ts";

/** Q diag(values) Qᵀ as a map, Q a product of reflections. */
function withEigenvalues(values: readonly number[], seed: number) {
  const n = values.length;
  const mirrors = [1, 2, 3].map((i) => randomKey(seed).fold(i).normal(n));
  const reflect = (v: Float64Array, u: Float32Array) => {
    const [along, square] = [v.reduce((s, x, i) => s + x * u[i]!, 0), u.reduce((s, x) => s + x * x, 0)];
    return v.map((x, i) => x - (2 * along * u[i]!) / square);
  };
  const map = (v: Float32Array) => {
    const turned = mirrors.reduce(reflect, Float64Array.from(v)).map((x, i) => x * values[i]!);
    return Promise.resolve(Float32Array.from(mirrors.toReversed().reduce(reflect, turned)));
  };
  return { map, start: randomKey(seed).fold("start").normal(n) };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((s, x, i) => s + x * b[i]!, 0);

test("the largest eigenvalue, though a negative one has the larger absolute value", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 3, max: 12 }), async (seed, n) => {
      const values = Array.from({ length: n }, (_, i) => (i === 0 ? 3 : -5 + (i - 1) * 0.5));
      const { map, start } = withEigenvalues(values, seed);
      const { value, vector } = await largestEigenvalue(map, start, n);
      expect(value).toBeCloseTo(3, 4);
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
      const image = await map(vector);
      for (const [i, x] of image.entries()) expect(x).toBeCloseTo(3 * vector[i]!, 3);
    }),
    { numRuns: 40 },
  );
});

test("few products suffice where power iteration alone needs hundreds", async () => {
  const values = Array.from({ length: 200 }, (_, i) => 1 - i / 200);
  const { map, start } = withEigenvalues(values, 5);
  const { value, vector } = await largestEigenvalue(map, start, 40);
  expect(value).toBeGreaterThan(0.999);
  expect(value).toBeLessThanOrEqual(1 + 1e-5);
  expect(dot(vector, await map(vector))).toBeCloseTo(value, 5);
});

test("an invariant subspace ends it: the identity, zero, a single number", async () => {
  const start = Float32Array.of(1, 2, 3);
  expect((await largestEigenvalue(async (v) => v.slice(), start, 5)).value).toBeCloseTo(1, 6);
  expect((await largestEigenvalue(async (v) => v.map(() => 0), start, 5)).value).toBe(0);
  expect((await largestEigenvalue(async (v) => v.map((x) => -2 * x), Float32Array.of(3), 5)).value).toBeCloseTo(-2, 6);
});
