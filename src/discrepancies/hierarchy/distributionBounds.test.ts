import fc from "fast-check";
import { expect, test } from "vitest";
import { points } from "../../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { classes, d, distance, family, randomMeasure } from "../../../test/fixtures/hypothesisFamily.ts";
import { randomKey, Tensor, tensor } from "../../engine/index.ts";
import { outputs } from "../criterion/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows } from "../measures/index.ts";
import { type Bound, bound, characteristicBounds, functionSlope, mmdBound, wassersteinBound } from "./index.ts";

const violated = (bounds: readonly Bound[]) => bounds.filter((b) => !b.holds);

/** Exact W1 of two equally weighted sets of equally many points, by trying every assignment. */
function assignmentDistance(a: EmpiricalMeasure, b: EmpiricalMeasure): number {
  const [x, y] = [asRows(a).data, asRows(b).data];
  const n = a.labels.length;
  const cost = (i: number, j: number) =>
    Math.hypot(...Array.from({ length: d }, (_, k) => x[i * d + k]! - y[j * d + k]!));
  const best = (i: number, used: number): number => {
    if (i === n) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++)
      if (!(used & (1 << j))) least = Math.min(least, cost(i, j) / n + best(i + 1, used | (1 << j)));
    return least;
  };
  return best(0, 0);
}

/** A Laplacian kernel in float32. */
function laplacian(x: Tensor, y: Tensor): Tensor {
  const [n, m] = [x.shape[0]!, y.shape[0]!];
  const data = new Float32Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      data[i * m + j] = Math.exp(
        -Math.hypot(...Array.from({ length: d }, (_, k) => x.data[i * d + k]! - y.data[j * d + k]!)),
      );
  return new Tensor(data, [n, m], "float32");
}

test("no theorem is broken: GD <= L·VD, CD and W1, on random measures and functions", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1e6),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 12 }),
      async (seed, n, m) => {
        const key = randomKey(seed);
        const [a, b] = [randomMeasure(key.fold("a"), n), randomMeasure(key.fold("b"), m)];
        const h = async (measure: EmpiricalMeasure) => {
          const logits = await outputs(family(key, 1)[0]!, measure);
          return Float64Array.from({ length: measure.labels.length }, (_, i) => logits.data[i * classes]!);
        };
        const even = [a, randomMeasure(key.fold("c"), n)].map(({ weights: _, ...rest }) => rest) as [
          EmpiricalMeasure,
          EmpiricalMeasure,
        ];
        const w1 = assignmentDistance(...even);
        const t = tensor(key.fold("t").normal(20 * d), [20, d]);
        const bounds = [
          ...(await characteristicBounds(a, b, t)),
          ...(await characteristicBounds(...even, t, w1)),
          await mmdBound(a, b, h, laplacian),
          await mmdBound(a, a, h, laplacian),
          await wassersteinBound(...even, h, w1),
        ];
        expect(bounds).toHaveLength(8);
        expect(violated(bounds)).toEqual([]);
        // A distance that is too small by a tenth breaks the bound of a function that is as steep as it may be.
        if (w1 === 0) return;
        const towards = async (measure: EmpiricalMeasure) => {
          const [x, y] = [asRows(measure).data, asRows(even[0]).data];
          const nearest = (i: number) =>
            Math.min(
              ...Array.from({ length: n }, (_, j) =>
                distance(x.subarray(i * d, (i + 1) * d), y.subarray(j * d, (j + 1) * d)),
              ),
            );
          return Float64Array.from({ length: measure.labels.length }, (_, i) => nearest(i));
        };
        const steep = await wassersteinBound(...even, towards, w1);
        expect((await wassersteinBound(...even, towards, (0.9 * w1 * steep.left) / steep.right)).holds).toBe(false);
      },
    ),
    { numRuns: 40 },
  );
});

test("Lip(h) is the steepest pair of the points held out, and may prove too small", async () => {
  const first = async (m: EmpiricalMeasure) =>
    Float64Array.from({ length: m.labels.length }, (_, i) => Math.max(0, m.points.data[i * d]!));
  const [a, b] = [points("a", [0, 0, 0, 0], d), points("b", [2, 0, 0, 0], d)];
  const flatPlace = points("rest", [-1, 0, 0, 0, -3, 0, 0, 0], d);
  const half = points("rest", [-1, 0, 0, 0, 1, 0, 0, 0], d);
  expect(await wassersteinBound(a, b, first, 2, [flatPlace])).toMatchObject({
    right: 0,
    holds: false,
    basis: "held-out",
  });
  expect(await wassersteinBound(a, b, first, 2, [half])).toMatchObject({ right: 1, holds: false });
  expect(await wassersteinBound(a, b, first, 2, [half, points("r", [3, 0, 0, 0], d)])).toMatchObject({
    right: 2,
    holds: true,
    basis: "held-out",
  });
  expect(await wassersteinBound(a, b, first, 2, [points("r", [3, 0, 0, 0], d)])).toMatchObject({
    basis: "construction",
  });
  expect(functionSlope(asRows(a), Float64Array.of(1), asRows(b), Float64Array.of(4))).toBe(1.5);
});

test("W1 is reached by a 1-Lipschitz function, MMD by the witness", async () => {
  const a = points("a", [0, 0, 0, 0], d);
  const b = points("b", [2, 0, 0, 0], d);
  const first = async (m: EmpiricalMeasure) =>
    Float64Array.from({ length: m.labels.length }, (_, i) => m.points.data[i * d]!);
  const { left, right } = await wassersteinBound(a, b, first, 2);
  expect([left, right]).toEqual([2, 2]);
  const witness = async (m: EmpiricalMeasure) => Float64Array.of(m === a ? 1 : -1);
  const mmd = await mmdBound(a, b, witness, laplacian);
  expect(mmd.left / mmd.right).toBeCloseTo(1, 6);
});

test("a bound is judged: a W1 that is too small, a kernel that is none, sides the wrong way round", async () => {
  const a = points("a", [0, 0, 0, 0], d);
  const b = points("b", [2, 0, 0, 0], d);
  const first = async (m: EmpiricalMeasure) =>
    Float64Array.from({ length: m.labels.length }, (_, i) => m.points.data[i * d]!);
  expect((await wassersteinBound(a, b, first, 1.9)).holds).toBe(false);
  const indefinite = (x: Tensor) =>
    tensor(
      Float32Array.from({ length: x.shape[0]! ** 2 }, (_, i) => (i % (x.shape[0]! + 1) === 0 ? -1 : 1)),
      [x.shape[0]!, x.shape[0]!],
    );
  expect((await mmdBound(a, b, async (m) => Float64Array.of(m === a ? 2 : 1), indefinite)).holds).toBe(false);
  expect(bound("1 <= 2", 1, 2, "theorem").holds).toBe(true);
  expect(bound("2 <= 1", 2, 1, "construction").holds).toBe(false);
  const t = formulaTensor([6, d], 2);
  expect(violated(await characteristicBounds(a, b, t, 1e-3))).toHaveLength(1);
});
