import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { normalise } from "../data/normalise.ts";
import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import { randomKey } from "../engine/random.ts";
import { kmeansCentres } from "./kmeans.ts";
import { selectCoreset } from "./select.ts";

const rules = ["random", "herding", "kcenter", "kmeans"] as const;

describe("coresets", () => {
  test.each(rules)("%s takes ipc different images of each class and is a function of the key", async (rule) => {
    const data = await tinyDataset({ perClass: 9 });
    for (const ipc of [1, 4, 9]) {
      const ids = await selectCoreset(data, rule, ipc, randomKey(5));
      expect(new Set(ids).size).toBe(3 * ipc);
      expect(ids.map((i) => data.train.labels[i])).toEqual([0, 1, 2].flatMap((c) => Array(ipc).fill(c)));
      expect(await selectCoreset(data, rule, ipc, randomKey(5))).toEqual(ids);
    }
  });

  test.each(rules)("%s never takes an image twice, even among copies", async (rule) => {
    const data = await tinyDataset({ perClass: 6 });
    const copies = { ...data, train: { ...data.train, images: new Uint8Array(data.train.images.length).fill(7) } };
    expect(new Set(await selectCoreset(copies, rule, 4, randomKey(0))).size).toBe(12);
  });

  test("herding equals its definition, searched by brute force", async () => {
    const data = await tinyDataset({ perClass: 10 });
    const ids = await selectCoreset(data, "herding", 5, randomKey(0));
    for (let c = 0; c < 3; c++) {
      const members = Array.from(data.train.labels.keys()).filter((i) => data.train.labels[i] === c);
      const x = members.map((i) => Array.from(normalise(data, "train", [i]).data));
      const mean = x[0]!.map((_, k) => x.reduce((sum, row) => sum + row[k]!, 0) / x.length);
      const chosen: number[] = [];
      while (chosen.length < 5) {
        const gaps = x.map((row, i) =>
          chosen.includes(i)
            ? Number.POSITIVE_INFINITY
            : Math.hypot(
                ...row.map((v, k) => (chosen.length + 1) * mean[k]! - chosen.reduce((s, j) => s + x[j]![k]!, 0) - v),
              ),
        );
        chosen.push(gaps.indexOf(Math.min(...gaps)));
      }
      expect(ids.slice(5 * c, 5 * c + 5)).toEqual(chosen.map((i) => members[i]));
    }
  });

  test("k-centre takes the point farthest from those taken", async () => {
    const data = await tinyDataset({ classes: 2, perClass: 8 });
    const [first, second] = (await selectCoreset(data, "kcenter", 2, randomKey(3))) as [number, number];
    const x = normalise(data, "train").data as Float32Array;
    const members = Array.from(data.train.labels.keys()).filter((i) => data.train.labels[i] === 0);
    const far = Math.max(...members.map((i) => squaredDistance(x, i, x, first, 64)));
    expect(squaredDistance(x, second, x, first, 64)).toBe(far);
  });

  test("wrong wishes are refused in one sentence", async () => {
    const data = await tinyDataset({ perClass: 4 });
    await expect(selectCoreset(data, "nearest", 1, randomKey(0))).rejects.toThrow('no selection rule "nearest"');
    await expect(selectCoreset(data, "toString", 1, randomKey(0))).rejects.toThrow("no selection rule");
    await expect(selectCoreset(data, "random", 5, randomKey(0))).rejects.toThrow("ipc 5 is larger than class");
    await expect(selectCoreset(data, "random", 0, randomKey(0))).rejects.toThrow("whole number of at least 1, got 0");
  });
});

test("a bounded distance is exact up to the bound and above it beyond", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer(),
      fc.double({ min: 0, max: 500, noNaN: true }),
      (d, seed, bound) => {
        const points = randomKey(seed >>> 0).normal(2 * d);
        let exact = 0;
        for (let k = 0; k < d; k++) exact += (points[k]! - points[d + k]!) ** 2;
        const got = squaredDistance(points, 0, points, 1, d, bound);
        if (exact <= bound * (1 - 1e-9)) expect(got).toBeCloseTo(exact, 6);
        if (exact > bound * (1 + 1e-9)) expect(got).toBeGreaterThan(bound);
      },
    ),
  );
});

test("k-means finds separate clusters", async () => {
  const points = Float32Array.from({ length: 60 }, (_, i) => (i % 3) * 100 + (i % 7));
  const centres = Array.from(await kmeansCentres(points, 1, 3, randomKey(1), { rounds: 50 })).sort((a, b) => a - b);
  const spread = points.reduce((sum, p) => sum + Math.min(...centres.map((c) => (p - c) ** 2)), 0);
  const alone = points.reduce((sum, p) => sum + (p - 103) ** 2, 0);
  expect(spread).toBeLessThan(alone / 4);
});
