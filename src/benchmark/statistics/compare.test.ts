import { expect, test } from "vitest";
import { compare, type Runs } from "./index.ts";

const blocks = ["a", "b", "c", "d", "e", "f"];
const base: Readonly<Record<string, number>> = { good: 0.9, fair: 0.8, poor: 0.5, gone: 0.99 };
/** Five runs each; `gone` lacks one block. */
const runs: Runs = {
  methods: ["good", "fair", "poor", "gone"],
  blocks,
  at: (m, b) =>
    m === "gone" && b === "d" ? [] : [0, 1, 2, 3, 4].map((r) => base[m]! - 0.02 * blocks.indexOf(b) + 0.001 * r),
};

test("methods over blocks: ranks, Friedman, every pair; the one with a gap is named and not compared", () => {
  const found = compare(runs, { better: "higher", draws: 200 });
  expect(found.compared.without).toEqual({ methods: ["gone"], blocks: [] });
  expect(found.coverage.get("gone")).toBeCloseTo(5 / 6, 12);
  expect(found.ranks).toEqual([1, 2, 3]);
  expect(found.rankIntervals[0]).toEqual({ low: 1, high: 1 });
  expect(found.test).toMatchObject({ kind: "friedman", friedman: { chiSquared: 12 } });
  const [first] = found.pairs;
  expect(first).toMatchObject({ own: "good", other: "fair", winTieLoss: { win: 6, tie: 0, loss: 0 } });
  expect(first!.difference).toBeCloseTo(0.1, 12);
  expect(first!.interval.low).toBeGreaterThan(0.09);
  // Six pairs: the least p is 2/64, and three tests treble it, so that Holm parts nothing where Nemenyi parts the ends.
  expect(first!.holm).toBeCloseTo(6 / 64, 12);
  if (found.test.kind === "friedman") {
    expect(found.test.groups).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(found.test.cliques).toEqual([[0, 1, 2]]);
  }
  expect(compare(runs, { better: "higher", draws: 200 })).toEqual(found);
});

test("of two methods a paired test, not Friedman", () => {
  const found = compare({ ...runs, methods: ["good", "poor"] }, { better: "higher", draws: 100 });
  expect(found.test).toMatchObject({ kind: "paired", wilcoxon: { p: 2 / 64, pairs: 6 } });
});

test("of few blocks no test: the reason, and ranks with their intervals", () => {
  const found = compare({ ...runs, blocks: blocks.slice(0, 3) }, { better: "higher", draws: 100 });
  expect(found.test).toEqual({
    kind: "none",
    reason: "3 complete blocks of dataset and images a class, and ranks are tested on 6 or more",
  });
  expect(found.ranks).toEqual([2, 3, 4, 1]);
  const alone = compare({ ...runs, methods: ["good"] }, { better: "higher", draws: 100 });
  expect(alone.test).toEqual({ kind: "none", reason: "good is the only method with results everywhere" });
});

test("a single run has no spread: no win is counted on it", () => {
  const single: Runs = { methods: ["good", "poor"], blocks, at: (m) => [base[m]!] };
  const { pairs } = compare(single, { better: "higher", draws: 50 });
  expect(pairs[0]!.winTieLoss).toEqual({ win: 0, tie: 6, loss: 0 });
});

test("nothing to compare", () => {
  expect(compare({ ...runs, at: () => undefined }, { better: "higher" }).test).toEqual({
    kind: "none",
    reason: "no block has results of all methods",
  });
});
