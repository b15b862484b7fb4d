import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { learnable, points } from "../../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { type RandomKey, randomKey, Tensor, tensor } from "../../engine/index.ts";
import { mlp } from "../../hypotheses/index.ts";
import { outputs } from "../criterion/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows, networkOf, rowsOf } from "../measures/index.ts";
import {
  type Bound,
  bound,
  boundedFunctionsIpm,
  characteristicBounds,
  hierarchy,
  lossSlope,
  mmdBound,
  parameterSlope,
  trainedBounds,
  wassersteinBound,
} from "./index.ts";

const classes = 3;
const d = 4;

/** A few random points with random labels, sometimes weighted, sometimes with points twice. */
function randomMeasure(key: RandomKey, n: number): EmpiricalMeasure {
  const width = 0.1 + 3 * key.fold("width").number();
  const base = points(
    "p",
    key
      .fold("points")
      .normal(n * d)
      .map((v) => v * width),
    d,
    classes,
  );
  const labels = Int32Array.from({ length: n }, (_, i) => key.fold("label").fold(i).integer(classes));
  const raw = Float64Array.from(key.fold("weight").uniform(n, 0.1, 1));
  const total = raw.reduce((a, b) => a + b);
  const measure = { ...base, labels };
  return n % 2 === 0 ? { ...measure, weights: raw.map((w) => w / total) } : measure;
}

const network = networkOf(mlp({ depth: 1, width: 6 }), [1, 1, d], classes);

/** Hypotheses of all sizes: from nearly constant to steep. */
const family = (key: RandomKey, count: number) =>
  Array.from({ length: count }, (_, k) => {
    const scale = 10 ** (2 * key.fold(k).fold("scale").number() - 1);
    const params = Object.fromEntries(
      Object.entries(network.init(key.fold(k))).map(([layer, tensors]) => [
        layer,
        Object.fromEntries(
          Object.entries(tensors).map(([name, t]) => [
            name,
            new Tensor(
              Float32Array.from(t.data, (v) => v * scale),
              t.shape,
              "float32",
            ),
          ]),
        ),
      ]),
    );
    return { network, params };
  });

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

describe("no violation is found", () => {
  test("GD <= 2·D, GD <= L·VD <= L·C·PD, on random measures and families", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (seed, n, m, count) => {
          const key = randomKey(seed);
          const bounds = await trainedBounds(
            randomMeasure(key.fold("a"), n),
            randomMeasure(key.fold("b"), m),
            family(key, count),
          );
          expect(bounds).toHaveLength(4);
          expect(violated(bounds)).toEqual([]);
          for (const { left } of bounds) expect(left).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("CD, MMD and W1, on random measures and functions", async () => {
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
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the bounds are sharp where they should be, so that a wrong constant would show", () => {
  test("L is the slope of the loss: half of it is not enough", async () => {
    const [from, to] = [tensor([0, 0], [1, 2]), tensor([1e-3, -1e-3], [1, 2])];
    // At equal logits of two classes the gradient is (−½, ½): slope 1/√2.
    expect(lossSlope(from, to, Int32Array.of(0))).toBeCloseTo(Math.SQRT1_2, 3);
    expect(lossSlope(from, from, Int32Array.of(0))).toBe(0);
    const steep = lossSlope(tensor([0, 0], [1, 2]), tensor([-50, 50], [1, 2]), Int32Array.of(0));
    expect(steep).toBeCloseTo(Math.SQRT2, 6);
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
    expect(bound("1 <= 2", 1, 2).holds).toBe(true);
    expect(bound("2 <= 1", 2, 1).holds).toBe(false);
    const t = formulaTensor([6, d], 2);
    expect(violated(await characteristicBounds(a, b, t, 1e-3))).toHaveLength(1);
  });
});

test("the IPM over bounded functions is twice the total variation distance", () => {
  const a = points("a", [0, 0, 0, 0, 1, 1, 1, 1], d);
  expect(boundedFunctionsIpm(a, a)).toBe(0);
  expect(boundedFunctionsIpm(a, points("b", [1, 1, 1, 1, 0, 0, 0, 0], d))).toBe(0);
  expect(boundedFunctionsIpm(a, points("c", [0, 0, 0, 0, 2, 2, 2, 2], d))).toBe(1);
  expect(boundedFunctionsIpm(a, points("d", [3, 3, 3, 3], d))).toBe(2);
});

test("hierarchy: every inequality of the diagram for one pair, all hold", async () => {
  const [a, b] = [learnable(30, 90), learnable(24, 91)];
  const context = { seed: 1, network: mlp({ width: 8 }) };
  const gram = (x: Tensor, y: Tensor) => {
    const product = new Float32Array(x.shape[0]! * y.shape[0]!);
    for (let i = 0; i < x.shape[0]!; i++)
      for (let j = 0; j < y.shape[0]!; j++)
        for (let k = 0; k < 6; k++) product[i * y.shape[0]! + j]! += x.data[i * 6 + k]! * y.data[j * 6 + k]!;
    return new Tensor(product, [x.shape[0]!, y.shape[0]!], "float32");
  };
  // Any coupling's cost is at least W1: this one moves the first point to everything.
  const wasserstein1 = (p: EmpiricalMeasure, q: EmpiricalMeasure) => {
    const [x, y] = [asRows(p).data, asRows(q).data];
    let total = 0;
    for (let i = 0; i < p.labels.length; i++)
      for (let j = 0; j < q.labels.length; j++)
        total +=
          Math.hypot(...Array.from({ length: 6 }, (_, k) => x[i * 6 + k]! - y[j * 6 + k]!)) /
          (p.labels.length * q.labels.length);
    return total;
  };
  const bounds = await hierarchy(a, b, context, { steps: 60, gram, wasserstein1 });
  expect(bounds.map((x) => x.inequality)).toEqual([
    "GD <= 2·D",
    "mean of D over H <= D",
    "GD <= L·VD",
    "L·VD <= L·C·PD",
    "CD in L2 <= CD in L∞",
    "CD in L∞ <= IPM over functions bounded by 1",
    "CD in L∞ <= max ‖t‖·W1",
    "|E f − E f| <= ‖f‖·MMD",
    "|E h − E h| <= Lip(h)·W1",
  ]);
  expect(violated(bounds)).toEqual([]);
  expect(bounds[0]!.left).toBeGreaterThan(0);
  const equal = await hierarchy(a, { ...a }, context, { steps: 60 });
  for (const { left } of equal.filter((x) => x.inequality !== "mean of D over H <= D")) expect(left).toBe(0);
  const few = await hierarchy(a, rowsOf(b, [0]), context, { steps: 20, points: 10 });
  expect(violated(few)).toEqual([]);
  await expect(hierarchy(a, points("x", [1, 2], 2), context)).rejects.toMatchObject({
    code: "shapes-differ",
    exitCode: 2,
  });
  await expect(hierarchy(a, { ...b, classes: ["one"], labels: b.labels.map(() => 0) }, context)).rejects.toMatchObject({
    code: "classes-differ",
  });
});
