import { expect, test } from "vitest";
import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import { randomKey } from "../engine/index.ts";
import { type DistancesTo, distancesFrom } from "./distances.ts";
import { type Assignment, kmeansCentres } from "./kmeans.ts";

const [n, d, count] = [600, 3072, 20];

/** Points about six centres, and the first of the points as centres; the last centre is a twin of the first. */
function clouds(): { points: Float32Array; centres: Float32Array } {
  const about = randomKey(1).normal(6 * d);
  const points = randomKey(2)
    .normal(n * d)
    .map((v, at) => v + about[(Math.floor(at / d) % 6) * d + (at % d)]!);
  const centres = points.slice(0, count * d);
  centres.copyWithin((count - 1) * d, 0, d);
  return { points, centres };
}

const plainly: (points: Float32Array) => Assignment = (points) => async (centres, before) =>
  before.map((_, i) => {
    const gaps = Array.from({ length: centres.length / d }, (__, k) => squaredDistance(points, i, centres, k, d));
    const last = Math.max(0, before[i]!);
    return gaps.reduce((best, gap, k) => (gap < gaps[best]! ? k : best), last);
  });

async function withDistances<T>(points: Float32Array, centres: Float32Array, use: (to: DistancesTo) => T): Promise<T> {
  const distances = distancesFrom(points, d);
  try {
    return use(await distances.to(centres));
  } finally {
    distances.dispose();
  }
}

test("a matrix product leaves distances as they are: exact up to the bound, above it beyond", async () => {
  const { points, centres } = clouds();
  await withDistances(points, centres, ({ of }) => {
    for (let i = 0; i < n; i += 7)
      for (let k = 0; k < count; k++) {
        const exact = squaredDistance(points, i, centres, k, d);
        expect(of(i, k)).toBe(exact);
        expect(of(i, k, exact)).toBe(exact);
        expect(of(i, k, exact - 1)).toBeGreaterThan(exact - 1);
      }
  });
});

test("what a product says is surely nearest is nearest, and of twins neither is", async () => {
  const { points, centres } = clouds();
  const found = await withDistances(points, centres, ({ surelyNearest }) =>
    Array.from({ length: n }, (_, i) => surelyNearest(i)),
  );
  const wanted = await plainly(points)(centres, new Int32Array(n).fill(-1));
  for (const [i, k] of found.entries()) if (k >= 0) expect(k).toBe(wanted[i]);
  expect(found[0]).toBe(-1);
  expect(found.filter((k) => k >= 0).length).toBeGreaterThan(n / 2);
});

test("a few points are searched one by one", async () => {
  const { points, centres } = clouds();
  const distances = distancesFrom(points.slice(0, 10 * d), d);
  const { of, surelyNearest } = await distances.to(centres);
  expect(surelyNearest(3)).toBe(-1);
  expect(of(3, 5)).toBe(squaredDistance(points, 3, centres, 5, d));
  distances.dispose();
});

test("k-means by products finds the centres of a plain search, to the byte", async () => {
  const { points } = clouds();
  const plain = await kmeansCentres(points, d, count, randomKey(4), { assign: plainly(points) });
  expect(await kmeansCentres(points, d, count, randomKey(4))).toEqual(plain);
});
