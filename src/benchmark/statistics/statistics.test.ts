import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomKey } from "../../engine/index.ts";
import { acceleratedInterval } from "./bootstrap.ts";
import { rangeBelow, rangeQuantile } from "./distributions/studentisedRange.ts";
import {
  chiSquaredAbove,
  fAbove,
  normalBelow,
  normalQuantile,
  studentBeyond,
  studentHalfWidth,
} from "./distributions/tails.ts";
import {
  bootstrapInterval,
  cliques,
  complete,
  contributions,
  coverage,
  criticalDifference,
  deviation,
  differenceIntervals,
  dominates,
  exactly,
  friedman,
  holm,
  hypervolume,
  kendall,
  mean,
  nemenyiP,
  pairedT,
  paretoFront,
  rankGroups,
  ranks,
  signedRank,
  spearman,
  studentInterval,
  winTieLoss,
} from "./index.ts";

type Rows = readonly (readonly number[])[];
interface Tested {
  blocks: Rows;
  ranks: number[];
  chiSquared: number;
  p: number;
  f: number;
  fP: number;
}

/** SciPy's answers, in float64. */
const golden = JSON.parse(
  readFileSync(new URL("../../../golden/benchmark/statistics.json", import.meta.url), "utf8"),
) as {
  friedman: Record<"plain" | "tied", Tested>;
  nemenyi: { q: Record<string, number>; q10: Record<string, number>; cd: number; p: Rows };
  wilcoxon: { name: string; differences: number[]; statistic: number; p: number }[];
  paired: { differences: number[]; t: number; p: number };
  summary: { values: number[]; mean: number; sd: number; low: number; high: number };
  bootstrap: { drawn: number[]; observed: number; without: number[]; level: number; low: number; high: number }[];
  holm: { p: number[]; adjusted: number[] };
  tails: Record<"normal" | "quantile" | "chi" | "f" | "t" | "width" | "range", Rows>;
  kendall: { a: number[]; b: number[]; tau: number; rho: number }[];
};

const near = (found: number, expected: number, relative = 1e-11) =>
  expect(Math.abs(found - expected), `${found} beside ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected) + 1e-300,
  );

describe("tails of distributions, beside SciPy", () => {
  const { tails } = golden;
  test.each(tails.normal)("Φ(%f)", (z, p) => near(normalBelow(z!), p!));
  test.each(tails.quantile)("Φ⁻¹(%f)", (p, z) => expect(normalQuantile(p!)).toBeCloseTo(z!, 11));
  test.each(tails.chi)("P(χ² ≥ %f), %i degrees", (x, d, p) => near(chiSquaredAbove(x!, d!), p!));
  test.each(tails.f)("P(F ≥ %f), %i and %i degrees", (f, a, b, p) => near(fAbove(f!, a!, b!), p!));
  test.each(tails.t)("P(|T| ≥ %f), %i degrees", (t, d, p) => near(studentBeyond(t!, d!), p!));
  test.each(tails.width)("t at level %f, %i degrees", (l, d, t) => near(studentHalfWidth(l!, d!), t!));
  test.each(tails.range)("P(range ≤ %f) of %i", (r, k, p) => near(rangeBelow(r!, k!), p!, 1e-9));
  test("at the ends", () => {
    expect([normalQuantile(0), normalQuantile(1), rangeBelow(0, 3), chiSquaredAbove(0, 2), fAbove(0, 1, 2)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
      1,
      1,
    ]);
  });
});

describe("Friedman, Nemenyi", () => {
  test.each(["plain", "tied"] as const)("%s", (name) => {
    const { blocks, ranks: expected, ...numbers } = golden.friedman[name];
    const found = friedman(blocks, "higher");
    expect(found.ranks.map((r) => Number(r.toFixed(10)))).toEqual(expected.map((r) => Number(r.toFixed(10))));
    for (const key of ["chiSquared", "p", "f", "fP"] as const) near(found[key], numbers[key], 1e-10);
  });
  test("values that are good when small", () => {
    const { blocks } = golden.friedman.plain;
    const turned = blocks.map((row) => row.map((v) => -v));
    expect(friedman(turned, "lower")).toEqual(friedman(blocks, "higher"));
  });
  test("an order that is the same everywhere, and no order at all", () => {
    expect(
      friedman(
        [
          [3, 2, 1],
          [9, 8, 7],
          [6, 5, 4],
        ],
        "higher",
      ),
    ).toMatchObject({ chiSquared: 6, f: Infinity, fP: 0 });
    expect(
      friedman(
        [
          [1, 1, 1],
          [2, 2, 2],
        ],
        "higher",
      ),
    ).toMatchObject({ chiSquared: 0, p: 1, ranks: [2, 2, 2] });
    expect(() =>
      friedman(
        [
          [1, 2],
          [2, 3],
        ],
        "higher",
      ),
    ).toThrow(RangeError);
  });
  test("q, the studentised range over √2", () => {
    for (const [k, q] of Object.entries(golden.nemenyi.q)) near(rangeQuantile(0.95, Number(k)) / Math.SQRT2, q, 1e-7);
    for (const [k, q] of Object.entries(golden.nemenyi.q10)) near(rangeQuantile(0.9, Number(k)) / Math.SQRT2, q, 1e-7);
  });
  test("the critical difference, and p of every two", () => {
    near(criticalDifference(4, 6), golden.nemenyi.cd, 1e-7);
    const own = golden.friedman.plain.ranks;
    const p = own.map((a) => own.map((b) => nemenyiP(a - b, 4, 6)));
    p.flat().map((v, i) => expect(v).toBeCloseTo(golden.nemenyi.p.flat()[i]!, 9));
  });
});

describe("paired tests", () => {
  test.each(golden.wilcoxon)("Wilcoxon, $name", ({ differences, statistic, p }) => {
    const found = signedRank(differences);
    expect(found.statistic).toBe(statistic);
    near(found.p, p, 1e-9);
  });
  test("Wilcoxon of no difference", () => {
    expect(signedRank([0, 0])).toEqual({ statistic: 0, p: 1, pairs: 0 });
  });
  test("Student", () => {
    const { differences, t, p } = golden.paired;
    near(pairedT(differences)!.t, t);
    near(pairedT(differences)!.p, p);
    expect([pairedT([1]), pairedT([0, 0]), pairedT([2, 2])]).toEqual([
      undefined,
      { t: 0, p: 1 },
      { t: Infinity, p: 0 },
    ]);
  });
  test("Holm", () => {
    const { p, adjusted } = golden.holm;
    expect(holm(p).map((v) => Number(v.toFixed(12)))).toEqual(adjusted.map((v) => Number(v.toFixed(12))));
  });
});

describe("means and intervals", () => {
  test("mean, deviation, Student's interval", () => {
    const { values, mean: centre, sd, low, high } = golden.summary;
    near(mean(values), centre, 1e-14);
    near(deviation(values), sd, 1e-13);
    near(studentInterval(values)!.low, low);
    near(studentInterval(values)!.high, high);
    expect([studentInterval([1]), deviation([1])]).toEqual([undefined, Number.NaN]);
    expect(() => mean([])).toThrow(RangeError);
    expect(mean([1, 1e100, 1, -1e100])).toBe(0.5);
  });
  test.each(golden.bootstrap)("BCa at level $level", ({ drawn, observed, without, level, low, high }) => {
    const found = acceleratedInterval(drawn, observed, without, level);
    near(found.low, low, 1e-9);
    near(found.high, high, 1e-9);
  });
  test("the bootstrap's draws are its key's", () => {
    const { values } = golden.summary;
    const one = bootstrapInterval(values, mean, { key: randomKey(1) })!;
    expect(bootstrapInterval(values, mean, { key: randomKey(1) })).toEqual(one);
    expect(bootstrapInterval(values, mean, { key: randomKey(2) })).not.toEqual(one);
    expect(one.low < mean(values) && mean(values) < one.high).toBe(true);
    expect(bootstrapInterval([1], mean, { key: randomKey(1) })).toBeUndefined();
    expect(bootstrapInterval([2, 2, 2], mean, { key: randomKey(1) })).toEqual({ low: 2, high: 2 });
  });
  test("the bootstrap's interval holds the mean about as often as its level says", () => {
    const held = Array.from({ length: 200 }, (_, i) => {
      const values = [...randomKey(i).fold("sample").normal(25)];
      const { low, high } = bootstrapInterval(values, mean, { key: randomKey(i), draws: 400 })!;
      return Number(low <= 0 && 0 <= high);
    });
    expect(mean(held)).toBeGreaterThan(0.87);
    expect(mean(held)).toBeLessThan(0.985);
  });
  test("runs of one block are no blocks: the interval over two blocks is as wide as they are apart", () => {
    const block = (shift: number) => [Array(50).fill(shift), Array(50).fill(0)] as const;
    expect(differenceIntervals([block(1), block(-1)], [[0, 1]], { key: randomKey(0) })).toEqual([{ low: -1, high: 1 }]);
  });
});

describe("ranks", () => {
  test("ties share the mean of their ranks", () => {
    expect(ranks([0.9, 0.7, 0.9, 0.5], "higher")).toEqual([1.5, 3, 1.5, 4]);
    expect(ranks([0.9, 0.7, 0.9, 0.5], "lower")).toEqual([3.5, 2, 3.5, 1]);
  });
  test.each(golden.kendall)("rank correlations beside SciPy", ({ a, b, tau, rho }) => {
    near(kendall(a, b)!, tau);
    near(spearman(a, b)!, rho);
  });
  test("all ties have no order", () => {
    expect([kendall([1, 1], [1, 2]), spearman([1, 2], [3, 3])]).toEqual([undefined, undefined]);
  });
  test("groups of a diagram: the largest ones within the difference", () => {
    expect(rankGroups([1.2, 2.5, 2.6, 3.9], 1.5)).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(rankGroups([3, 1, 2], 5)).toEqual([[1, 2, 0]]);
    expect(rankGroups([1, 2, 3], 0.5)).toEqual([]);
    expect(rankGroups([1, 1.1, 3, 3.1, 5], 0.5)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
  test("cliques may overlap", () => {
    const apart = new Set(["0 2", "0 3"]);
    const alike = (a: number, b: number) => !apart.has(`${Math.min(a, b)} ${Math.max(a, b)}`);
    expect(cliques(4, alike)).toEqual([
      [0, 1],
      [1, 2, 3],
    ]);
    expect(cliques(3, () => true)).toEqual([[0, 1, 2]]);
    expect(cliques(3, () => false)).toEqual([]);
  });
  test("win, tie, loss: a tie is where intervals overlap", () => {
    const at = (low: number, high: number) => ({ mean: (low + high) / 2, low, high });
    const pairs = [
      [at(0.8, 0.9), at(0.5, 0.6)],
      [at(0.8, 0.9), at(0.85, 0.95)],
      [at(0.1, 0.2), at(0.3, 0.4)],
      [at(0.5, 0.5), at(0.5, 0.5)],
    ] as const;
    expect(winTieLoss(pairs, "higher")).toEqual({ win: 1, tie: 2, loss: 1 });
    expect(winTieLoss(pairs, "lower")).toEqual({ win: 1, tie: 2, loss: 1 });
  });
});

describe("fronts", () => {
  const better = ["higher", "lower"] as const;
  const point = (accuracy: number, noise: number, bytes: number) =>
    [{ mean: accuracy, low: accuracy - noise, high: accuracy + noise }, exactly(bytes)] as const;
  test("a point dominates where it is no worse, and better once beyond noise", () => {
    expect(dominates(point(0.9, 0.01, 100), point(0.8, 0.01, 100), better)).toBe(true);
    expect(dominates(point(0.81, 0.02, 100), point(0.8, 0.02, 100), better)).toBe(false);
    expect(dominates(point(0.81, 0.02, 90), point(0.8, 0.02, 100), better)).toBe(true);
    expect(dominates(point(0.79, 0.02, 90), point(0.8, 0.02, 100), better)).toBe(false);
    expect(dominates(point(0.8, 0.02, 100), point(0.8, 0.02, 100), better)).toBe(false);
  });
  test("the front", () => {
    const points = [point(0.9, 0.01, 100), point(0.8, 0.01, 50), point(0.7, 0.01, 60), point(0.89, 0.01, 100)];
    expect(paretoFront(points, better)).toEqual([0, 1, 3]);
  });
  test("hypervolumes, of which a dominated point is no part", () => {
    const plane = [
      [0.9, 0.2],
      [0.8, 0.5],
      [0.6, 0.6],
      [0.3, 0.7],
      [0.5, 0.55],
    ];
    expect(hypervolume(plane, [0, 0])).toBeCloseTo(0.51, 12);
    const space = [
      [0.9, 0.2, 0.5],
      [0.8, 0.5, 0.3],
      [0.6, 0.6, 0.9],
      [0.3, 0.7, 0.4],
    ];
    expect(hypervolume(space, [0, 0, 0])).toBeCloseTo(0.384, 12);
    expect(
      hypervolume(
        [
          [1, 1],
          [-1, 5],
        ],
        [0, 0],
      ),
    ).toBe(1);
    expect(contributions(plane, [0, 0])[4]).toBeCloseTo(0, 12);
    expect(() => hypervolume([[1]], [0])).toThrow(RangeError);
  });
});

describe("a missing cell is never averaged away", () => {
  const cells: Record<string, Record<string, number>> = {
    dm: { a: 0.9, b: 0.8, c: 0.7 },
    dc: { a: 0.8, b: 0.7, c: 0.6 },
    mtt: { a: 0.99 },
  };
  const table = { methods: ["dm", "dc", "mtt"], blocks: ["a", "b", "c"], at: (m: string, b: string) => cells[m]![b] };
  test("coverage is a column", () => {
    expect([...coverage(table)]).toEqual([
      ["dm", 1],
      ["dc", 1],
      ["mtt", 1 / 3],
    ]);
  });
  test("the method with gaps is left out, and named", () => {
    expect(complete(table)).toEqual({
      methods: ["dm", "dc"],
      blocks: ["a", "b", "c"],
      values: [
        [0.9, 0.8],
        [0.8, 0.7],
        [0.7, 0.6],
      ],
      without: { methods: ["mtt"], blocks: [] },
    });
  });
  test("a block that few have is left out rather than all that lack it", () => {
    const at = (m: string, b: string) => (b === "d" && m !== "mtt" ? undefined : 0.5);
    expect(complete({ ...table, blocks: ["a", "d"], at })).toMatchObject({
      methods: ["dm", "dc", "mtt"],
      blocks: ["a"],
      without: { methods: [], blocks: ["d"] },
    });
    expect(complete({ ...table, at: () => undefined })).toMatchObject({ methods: [], blocks: [], values: [] });
  });
});
