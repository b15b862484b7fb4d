import fc from "fast-check";
import { expect, test } from "vitest";
import { randomKey } from "../../engine/index.ts";
import { coveringCentres, type FoundCovering } from "./selection.ts";

const radius = (points: Float32Array, d: number, centres: readonly number[]): number => {
  let most = 0;
  for (let i = 0; i < points.length / d; i++)
    most = Math.max(
      most,
      Math.min(
        ...centres.map((j) =>
          Math.hypot(...Array.from({ length: d }, (_, k) => points[i * d + k]! - points[j * d + k]!)),
        ),
      ),
    );
  return most;
};

function* subsets(n: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) yield [];
  else for (let i = from; i <= n - count; i++) for (const rest of subsets(n, count - 1, i + 1)) yield [i, ...rest];
}

test("no subset covers a small set with a smaller radius", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 3 }), async (seed, count) => {
      const points = randomKey(seed).normal(2 * 9);
      const chosen = await coveringCentres(points, 2, count);
      const least = Math.min(...[...subsets(9, count)].map((s) => radius(points, 2, s)));
      expect(radius(points, 2, chosen)).toBeCloseTo(least, 6);
    }),
    { numRuns: 12 },
  );
});

test("with slack the covering is wider by no more than that, and its mean nearer to that of the points", async () => {
  const gap = (points: Float32Array, centres: readonly number[]) => {
    const all = Array.from({ length: points.length / 2 }, (_, i) => i);
    const mean = (of: readonly number[], k: number) => of.reduce((s, i) => s + points[2 * i + k]!, 0) / of.length;
    return Math.hypot(...[0, 1].map((k) => mean(all, k) - mean(centres, k)));
  };
  let nearer = 0;
  for (let seed = 0; seed < 10; seed++) {
    const points = randomKey(seed).normal(2 * 40);
    const [exact, slack] = [await coveringCentres(points, 2, 2), await coveringCentres(points, 2, 2, { slack: 0.2 })];
    expect(radius(points, 2, slack)).toBeLessThanOrEqual(1.2 * radius(points, 2, exact) + 1e-6);
    if (gap(points, slack) < gap(points, exact) - 1e-6) nearer++;
  }
  expect(nearer).toBeGreaterThan(7);
});

test("as many different points as asked for, also where fewer cover all", async () => {
  const twoPlaces = Float32Array.from({ length: 12 }, (_, i) => i % 2);
  for (const count of [1, 2, 5, 12]) expect(new Set(await coveringCentres(twoPlaces, 1, count)).size).toBe(count);
});

test("of the coverings of one radius, one whose mean is nearest to that of the points", async () => {
  // Around 0..10 only the middle has radius 5; around 100 every point has it. All points add up to 522.3, a mean of 65.3.
  const points = Float32Array.from([0, 10, 5, 100, 104, 101, 101.1, 101.2]);
  expect((await coveringCentres(points, 1, 2)).map((i) => points[i]).sort((a, b) => a! - b!)).toEqual([5, 104]);
});

test("what stays open of the least radius is told; of one centre nothing does", async () => {
  const points = randomKey(5).normal(4 * 400);
  const found: FoundCovering[] = [];
  const onFound = (covering: FoundCovering) => found.push(covering);
  await coveringCentres(points, 4, 1, { onFound });
  const chosen = await coveringCentres(points, 4, 12, { onFound });
  const [one, twelve] = found;
  expect(one!.atLeast).toBe(one!.radius);
  expect(twelve!.atLeast).toBeLessThan(twelve!.radius);
  expect(twelve!.atLeast).toBeGreaterThan(twelve!.radius / 2);
  expect(radius(points, 4, chosen)).toBeLessThanOrEqual(twelve!.radius + 1e-6);
});

test("an aborted search ends", async () => {
  const points = randomKey(3).normal(2 * 40);
  await expect(coveringCentres(points, 2, 3, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
});
