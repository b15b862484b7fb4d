import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/discrepancies/mmd.json" with { type: "json" };
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { context, distance, measure, normal, uniform } from "../../../test/fixtures/measures.ts";
import { AttarError, compile, type OptionValues, randomKey, tensor } from "../../engine/index.ts";
import { exponentialKernel, linearKernel, medianHeuristic, rowsOf } from "../../hypotheses/kernels/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { measurableNamed, measurables } from "../registry.ts";
import { quadraticMmd } from "./index.ts";

describe("against SciPy and scikit-learn", () => {
  const [x, y] = [formulaTensor([12, 5], 1), formulaTensor([9, 5], 2, 0.8, 0.3)];
  const [u, v] = [
    Float64Array.from({ length: 12 }, (_, i) => (i + 1) / 78),
    Float64Array.from({ length: 9 }, (_, i) => (9 - i) / 45),
  ];

  test.each(golden.cases)("γ = $gamma", async ({ gamma, c, ...wanted }) => {
    const kernel = exponentialKernel(gamma, c);
    kernel.exact!(rowsOf(x), rowsOf(y)).forEach((k, i) => {
      expect(k).toBeCloseTo(wanted.matrix[i]!, 10);
    });
    const traced = await compile(kernel.matrix)(kernel.parameters, x, y);
    traced.data.forEach((k, i) => {
      expect(Math.abs(k / wanted.matrix[i]! - 1)).toBeLessThan(1e-5);
    });
    const plain = [
      { points: x, weights: uniform(12) },
      { points: y, weights: uniform(9) },
    ] as const;
    const weighted = [
      { points: x, weights: u },
      { points: y, weights: v },
    ] as const;
    for (const [side, digits] of [
      [undefined, 1e-10],
      [4, 1e-5],
    ] as const) {
      const biased = await quadraticMmd(kernel, ...plain, { estimator: "biased", side });
      expect(Math.abs(biased.value / wanted.biased - 1)).toBeLessThan(digits);
      const unbiased = await quadraticMmd(kernel, ...plain, { estimator: "unbiased", side });
      expect(Math.abs(unbiased.value / wanted.unbiased - 1)).toBeLessThan(digits);
      const own = await quadraticMmd(kernel, ...weighted, { estimator: "biased", side });
      expect(Math.abs(own.value / wanted.weighted - 1)).toBeLessThan(digits);
    }
  });

  test("median heuristic", () => {
    expect(medianHeuristic(x, y, 1, randomKey(0))).toBeCloseTo(1 / (2 * golden.median), 10);
  });
});

describe("axioms", () => {
  const set = fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 12 }), fc.double({ min: -2, max: 2, noNaN: true }));
  const of = ([seed, n, shift]: [number, number, number]) => measure(normal(seed, n, 3, 1, shift));
  const exact = { c: 0.3 };
  const names = ["mmd", "mmd-laplacian", "mmd-gamma"];

  test.each(names)("%s is a metric on measures", async (name) => {
    await fc.assert(
      fc.asyncProperty(set, set, set, async (p, q, r) => {
        const [a, b, c] = [of(p), of(q), of(r)];
        const d = async (s: EmpiricalMeasure, t: EmpiricalMeasure) => (await distance(name, s, t, exact)).value;
        expect(await d(a, a)).toBe(0);
        expect(Math.abs((await d(a, b)) - (await d(b, a)))).toBeLessThan(1e-7);
        expect(await d(a, c)).toBeLessThanOrEqual((await d(a, b)) + (await d(b, c)) + 1e-7);
      }),
      { numRuns: 40 },
    );
  });

  test.each(measurables.filter(({ name }) => name.startsWith("mmd")))(
    "$name: zero between a set and itself, symmetric, reproducible",
    async (d) => {
      const images = (seed: number, n: number) => measure(normal(seed, n * 4, 16, 1, seed - 1).reshape([n, 1, 8, 8]));
      const [a, b] = [images(1, 30), images(2, 25)];
      const [ab, ba, again] = [
        await d.measure(a, b, context),
        await d.measure(b, a, context),
        await d.measure(a, b, context),
      ];
      expect(again).toEqual(ab);
      expect(ab.value).toBeGreaterThan(0);
      expect(ba.value / ab.value).toBeCloseTo(1, 4);
      expect(ab.stderr).toBeGreaterThanOrEqual(0);
      expect((await d.measure(a, a, context)).value).toBeLessThan(1e-6);
    },
  );

  test("the order of the points and the size of blocks do not matter", async () => {
    const [a, b] = [normal(1, 40, 6), normal(2, 30, 6, 1.2, 0.3)];
    const order = randomKey(3).permutation(40);
    const shuffled = tensor(
      Float32Array.from({ length: 240 }, (_, i) => a.data[order[Math.floor(i / 6)]! * 6 + (i % 6)]!),
      [40, 6],
    );
    const wanted = await distance("mmd", measure(a), measure(b), { c: 0.1 });
    const got = await distance("mmd", measure(shuffled), measure(b), { c: 0.1 });
    expect(got.value).toBeCloseTo(wanted.value, 12);
    expect(got.stderr).toBeCloseTo(wanted.stderr, 12);
    const kernel = exponentialKernel(2, 0.1);
    for (const side of [7, 16, 64]) {
      const squared = await quadraticMmd(
        kernel,
        { points: a, weights: uniform(40) },
        { points: b, weights: uniform(30) },
        { estimator: "biased", side },
      );
      expect(Math.sqrt(squared.value)).toBeCloseTo(wanted.value, 6);
    }
  });

  test("far from the origin the blocks keep their digits", async () => {
    const [a, b] = [normal(1, 40, 6, 1, 300), normal(2, 30, 6, 1.3, 300)];
    const sets = [
      { points: a, weights: uniform(40) },
      { points: b, weights: uniform(30) },
    ] as const;
    const kernel = exponentialKernel(2, 0.1);
    const exact = await quadraticMmd(kernel, ...sets, { estimator: "biased" });
    const blocks = await quadraticMmd(kernel, ...sets, { estimator: "biased", side: 16 });
    expect(blocks.value / exact.value).toBeCloseTo(1, 4);
  });

  test("equal means and different variance: told apart by Gaussian and Laplacian, not by the linear kernel", async () => {
    const half = normal(5, 150, 2);
    // Each point with its mirror image: the mean is exactly zero at any scale.
    const mirrored = (scale: number) =>
      measure(
        tensor([...half.data].flatMap((v) => [scale * v]).concat([...half.data].map((v) => -scale * v)), [300, 2]),
      );
    const [narrow, wide] = [mirrored(1), mirrored(2)];
    for (const name of ["mmd", "mmd-laplacian", "mmd-rff"]) {
      const { value, stderr } = await distance(name, narrow, wide);
      expect(value).toBeGreaterThan(0.1);
      expect(value / stderr).toBeGreaterThan(4);
    }
    const [a, b] = [narrow, wide].map(({ points }) => ({ points, weights: uniform(300) }));
    const linear = await quadraticMmd(linearKernel(), a!, b!, { estimator: "biased" });
    expect(Math.abs(linear.value)).toBeLessThan(1e-6);
  });
});

interface Case {
  readonly of: string;
  readonly name: string;
  readonly b: EmpiricalMeasure;
  readonly message: RegExp;
  readonly options?: OptionValues;
}

describe("bad input ends in one sentence and exit code 2", () => {
  const a = measure(normal(1, 6, 3), { name: "left" });
  const cases: readonly Case[] = [
    { of: "shapes", name: "mmd", b: measure(normal(2, 6, 4)), message: /a point of left is 3 and a point of set is 4/ },
    {
      of: "one point, unbiased",
      name: "mmd",
      b: measure(normal(2, 1, 3)),
      message: /unbiased estimator needs 2/,
      options: { unbiased: true },
    },
    { of: "three points, linear time", name: "mmd-linear", b: measure(normal(2, 3, 3)), message: /needs 4/ },
    { of: "no point", name: "mmd", b: measure(tensor(new Float32Array(0), [0, 3])), message: /has no points/ },
    { of: "NaN", name: "mmd-rff", b: measure(tensor([1, 2, Number.NaN], [1, 3])), message: /point 0 of set holds NaN/ },
    { of: "infinity", name: "mmd-ntk", b: measure(tensor([1, 2, 1 / 0], [1, 3])), message: /holds Infinity/ },
    {
      of: "γ",
      name: "mmd-gamma",
      b: measure(normal(2, 6, 3)),
      message: /option gamma of discrepancy mmd-gamma is a number from .* to 2, got "2.5"/,
      options: { gamma: 2.5, c: 1 },
    },
    {
      of: "c",
      name: "mmd",
      b: measure(normal(2, 6, 3)),
      message: /option c of discrepancy mmd is a number from 0/,
      options: { c: -1 },
    },
    {
      of: "weights that are no probabilities",
      name: "mmd",
      b: measure(normal(2, 2, 3), { weights: Float64Array.of(0.5, 0.6) }),
      message: /weights of set add up to 1.1/,
    },
    {
      of: "weights, unbiased",
      name: "mmd",
      b: measure(normal(2, 2, 3), { weights: Float64Array.of(0.4, 0.6) }),
      message: /equal weight/,
      options: { unbiased: true },
    },
    { of: "flat points for a network", name: "mmd-nfk", b: measure(normal(2, 6, 3)), message: /reads images/ },
  ];

  test.each(cases)("$of", async ({ name, b, message, options }) => {
    const error = await distance(name, a, b, options).then(
      () => undefined,
      (e) => e,
    );
    expect(error).toBeInstanceOf(AttarError);
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe("");
  });

  test("copies of one point", async () => {
    const same = measure(tensor(new Float32Array(9).fill(2), [3, 3]));
    await expect(distance("mmd", same, same)).rejects.toThrow(/copies of one another/);
    expect((await distance("mmd", same, same, { c: 1 })).value).toBe(0);
  });

  test("options refuse what their kernels refuse", () => {
    const { resolve } = measurableNamed("mmd-gamma");
    const all: OptionValues[] = [{ gamma: 0 }, { gamma: 2.1 }, { gamma: Number.NaN }, { c: -1 }, { c: Number.NaN }];
    for (const wrong of all) expect(() => resolve(wrong)).toThrow(AttarError);
    expect(resolve({ gamma: 1, c: 3 })).toEqual({ gamma: 1, c: 3, unbiased: false });
  });
});
