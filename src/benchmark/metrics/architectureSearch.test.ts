import { expect, test } from "vitest";
import { randomKey } from "../../engine/index.ts";
import { buildNetwork, parseNetwork } from "../../hypotheses/index.ts";
import { architectureSearch, searchGrid } from "./index.ts";

const candidates = [0.9, 0.8, 0.7, 0.6].map((condensed, i) => ({
  net: `n${i}`,
  condensed,
  full: [0.95, 0.97, 0.9, 0.85][i]!,
}));

test("orders compared, the pick and what it costs", () => {
  const found = architectureSearch(candidates, randomKey(0));
  // Ranks 1 2 3 4 against 2 1 3 4: ρ = 1 − 6 · 2 / 60, τ = (5 − 1) / 6.
  expect(found.spearman).toBeCloseTo(0.8, 12);
  expect(found.kendall).toBeCloseTo(4 / 6, 12);
  expect(found).toMatchObject({ networks: 4, pick: "n0", pickAccuracy: 0.95, bestAccuracy: 0.97 });
  expect(found.interval!.low).toBeLessThanOrEqual(found.spearman!);
  expect(found.interval!.high).toBeGreaterThanOrEqual(found.spearman!);
  expect(architectureSearch(candidates, randomKey(0))).toEqual(found);
});

test("no order where all score alike, and none of two networks", () => {
  const alike = candidates.map((c) => ({ ...c, condensed: 0.5 }));
  expect(architectureSearch(alike, randomKey(0)).spearman).toBeUndefined();
  expect(() => architectureSearch(candidates.slice(0, 2), randomKey(0))).toThrow(RangeError);
});

test("the grid has 24 networks, which serve digits, too", () => {
  expect(new Set(searchGrid).size).toBe(24);
  for (const text of searchGrid) expect(() => buildNetwork(parseNetwork(text), [1, 8, 8], 10)).not.toThrow();
});
