import { expect, test } from "vitest";
import type { Trial } from "./advice.ts";
import { recommend } from "./recommend.ts";

const trial = (method: string, ipc: number, mean: number, bytes = 100 * ipc): Trial => ({
  method,
  ipc,
  bytes,
  score: { mean, std: 0, runs: [mean] },
  condensed: 1,
  scored: 1,
  settings: {},
});

const trials = [
  trial("random", 1, 0.5),
  trial("dm", 1, 0.8),
  trial("random", 10, 0.9),
  trial("dm", 10, 0.95),
  trial("kip", 10, 0.951, 2000),
  trial("dm", 50, 0.96),
];

test.each([
  [0, "dm", 50],
  [0.01, "dm", 10],
  [0.009, "kip", 10],
  [0.2, "dm", 1],
  [1, "dm", 1],
])("within a margin of %s the smallest set is %s at %s", (margin, method, ipc) => {
  expect(recommend(trials, margin)).toMatchObject({ method, ipc, best: { method: "dm", ipc: 50, mean: 0.96 } });
});

test("without a trial nothing is recommended, and the rule is told in points", () => {
  expect(recommend([], 0.02)).toBeUndefined();
  expect(recommend(trials, 0.02)!.why).toContain("2 points below the best");
});
