import fc from "fast-check";
import { expect, test } from "vitest";
import { points } from "../../../golden/discrepancies/measure.ts";
import {
  classes,
  crossEntropy,
  d,
  distance,
  family,
  flat,
  logitsOf,
  network,
  randomMeasure,
  scaled,
} from "../../../test/fixtures/hypothesisFamily.ts";
import { randomKey, tensor } from "../../engine/index.ts";
import type { Hypothesis } from "../criterion/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { crossEntropyLipschitz, heldOutParameterSlope, parameterSlope, trainedBounds } from "./index.ts";

test("GD, D, VD, PD, recomputed from losses, logits and weights", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1e6),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (seed, n, m, count) => {
        const key = randomKey(seed);
        const [a, b] = [randomMeasure(key.fold("a"), n), randomMeasure(key.fold("b"), m)];
        const all = family(key, count);
        const loss = async (h: (typeof all)[number], measure: EmpiricalMeasure) => {
          const each = (await logitsOf(h, measure)).map((row, i) => crossEntropy(row, measure.labels[i]!));
          return each.reduce((sum, l, i) => sum + l * (measure.weights?.[i] ?? 1 / each.length), 0);
        };
        const [onA, onB]: [number[], number[]] = [[], []];
        for (const h of all) {
          onA.push(await loss(h, a));
          onB.push(await loss(h, b));
        }
        const [h, g] = [onA.indexOf(Math.min(...onA)), onB.indexOf(Math.min(...onB))];
        const gaps = onA.map((l, i) => Math.abs(l - onB[i]!));
        const [of, other] = [await logitsOf(all[h]!, a), await logitsOf(all[g]!, a)];
        const vd = Math.max(...of.map((row, i) => distance(row, other[i]!)));
        const pd = distance(flat(all[h]!), flat(all[g]!));
        const bounds = await trainedBounds(a, b, all);
        const wanted = [
          [onA[g]! - onA[h]!, 2 * Math.max(...gaps)],
          [gaps.reduce((sum, v) => sum + v, 0) / count, Math.max(...gaps)],
          [onA[g]! - onA[h]!, Math.SQRT2 * vd],
          [Math.SQRT2 * vd, Math.SQRT2 * (await parameterSlope(all[h]!, all[g]!, [a])) * pd],
        ];
        const scale = 1 + Math.max(...wanted.flat());
        for (const [k, [left, right]] of wanted.entries()) {
          expect(Math.abs(bounds[k]!.left - left!) / scale).toBeLessThan(1e-6);
          expect(Math.abs(bounds[k]!.right - right!) / scale).toBeLessThan(1e-6);
        }
        expect(bounds.filter((b) => !b.holds)).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test("no logits and labels have a steeper cross-entropy than L, and some nearly reach it", () => {
  let steepest = 0;
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 2, maxLength: 6 }),
      fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 6, maxLength: 6 }),
      fc.nat(5),
      (from, away, label) => {
        const to = from.map((v, k) => v + away[k]!);
        const at = label % from.length;
        const apart = distance(from, to);
        if (apart < 1e-3) return;
        const slope =
          Math.abs(crossEntropy(Float64Array.from(from), at) - crossEntropy(Float64Array.from(to), at)) / apart;
        steepest = Math.max(steepest, slope);
        expect(slope).toBeLessThanOrEqual(crossEntropyLipschitz + 1e-9);
      },
    ),
  );
  const slope = (crossEntropy(Float64Array.of(-20, 20), 0) - crossEntropy(Float64Array.of(-19, 19), 0)) / Math.SQRT2;
  expect(slope).toBeCloseTo(crossEntropyLipschitz, 9);
  expect(steepest).toBeGreaterThan(0.7);
});

/** A measure labelled by the largest logit of a hypothesis, which then is the best on it. */
const labelledBy = async (h: Hypothesis, measure: EmpiricalMeasure) => ({
  ...measure,
  labels: Int32Array.from((await logitsOf(h, measure)).map((row) => row.indexOf(Math.max(...row)))),
});

test("C comes from the other hypotheses, on the points given, and may prove too small", async () => {
  const drawn = Array.from({ length: 4 }, (_, k) => ({ network, params: network.init(randomKey(k)) }));
  const [h, g, ...others] = [
    scaled(drawn[0]!, 8),
    scaled(drawn[1]!, 8),
    scaled(drawn[2]!, 0.05),
    scaled(drawn[3]!, 0.05),
  ];
  const all = [h!, g!, ...others];
  const base = points("p", randomKey(5).normal(30 * d), d, classes);
  const [a, b] = [await labelledBy(h!, base), await labelledBy(g!, base)];
  const rest = points("rest", randomKey(6).normal(20 * d), d, classes);
  const elsewhere = await parameterSlope(others[0]!, others[1]!, [rest]);
  expect(await heldOutParameterSlope(all, [h!, g!], [rest])).toBe(elsewhere);
  const [, , , flatOthers] = await trainedBounds(a, b, all, [rest]);
  expect(flatOthers!.basis).toBe("held-out");
  expect(flatOthers!.right).toBeCloseTo(Math.SQRT2 * elsewhere * distance(flat(h!), flat(g!)), 4);
  expect(flatOthers!.holds).toBe(false);
  const steep = [h!, g!, scaled(drawn[2]!, 20), scaled(drawn[3]!, 20)];
  expect((await trainedBounds(a, b, steep, [rest]))[3]).toMatchObject({ basis: "held-out", holds: true });
});

test("without other hypotheses, or other points, the pair's own C is used, and said to be", async () => {
  const all = family(randomKey(3), 4);
  const [a, b] = [randomMeasure(randomKey(4), 8), randomMeasure(randomKey(5), 8)];
  for (const [members, rest] of [
    [all.slice(0, 3), [b]],
    [all, []],
  ] as const) {
    const last = (await trainedBounds(a, b, members, rest)).at(-1)!;
    expect(last.basis).toBe("construction");
    expect(last.holds).toBe(true);
  }
});

test("C of two heads of one body is the size of what they multiply", async () => {
  const [h] = family(randomKey(1), 1);
  const measure = randomMeasure(randomKey(2), 5);
  const head = h!.params.head!;
  const moved = {
    ...h!,
    params: { ...h!.params, head: { ...head, bias: tensor(Float32Array.from(head.bias!.data, (v) => v + 1)) } },
  };
  expect(await parameterSlope(h!, moved, [measure])).toBeCloseTo(1, 3);
  expect(await parameterSlope(h!, h!, [measure])).toBe(0);
});
