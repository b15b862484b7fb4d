import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/discrepancies/characteristic.json" with { type: "json" };
import { formulaMeasure, points, relativeError, uniform } from "../../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, Tensor } from "../../engine/index.ts";
import { mlp } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { rowsOf } from "../measures/index.ts";
import { measurableNamed } from "../registry.ts";
import { characteristicFunction, squaredDifferences } from "./index.ts";
import { tracedCharacteristic } from "./traced.ts";

const [x, y] = [formulaMeasure(7, 90), formulaMeasure(5, 91)];
const at = formulaTensor([9, 6], 92);

/** The traced face at given frequencies, in units of the mean of |F_x − F_y|² over them. */
function meanSquare(p: Traced, q: Traced, frequencies: Traced): Traced {
  const [count, k] = frequencies.shape as [number, number];
  const { between, lift } = tracedCharacteristic.make({ frequencies: count, scale: 1 });
  const means = (points: Traced, t: Traced) =>
    Object.fromEntries(Object.entries(lift!({ x: points }, { x: t })).map(([name, v]) => [name, np.mean(v, 0)]));
  return between(means(p, frequencies.ref), means(q, frequencies)).mul(1 / k);
}
const traced = compile(meanSquare);

describe("against NumPy in float64", () => {
  test("the characteristic function of a weighted measure", async () => {
    const f = await characteristicFunction(x, at);
    expect(relativeError(f.real, golden.real)).toBeLessThan(1e-5);
    expect(relativeError(f.imaginary, golden.imaginary)).toBeLessThan(1e-5);
  });

  test("L2 and L∞ distances", async () => {
    const squares = await squaredDifferences(x, y, at);
    expect(Math.sqrt(squares.reduce((a, b) => a + b) / 9) / golden.l2).toBeCloseTo(1, 5);
    expect(Math.sqrt(Math.max(...squares)) / golden.sup).toBeCloseTo(1, 5);
  });

  test("the traced distance, and its gradient against finite differences", async () => {
    const [p, q] = [uniform(x).points, uniform(y).points];
    expect((await traced(p, q, at)).item() / golden.uniformSquared).toBeCloseTo(1, 5);
    const gradient = await compile((u: Traced, v: Traced, t: Traced) => grad((z: Traced) => meanSquare(z, v, t))(u))(
      p,
      q,
      at,
    );
    const step = 1e-2;
    for (const i of [0, 13, 41]) {
      const moved = (by: number) =>
        new Tensor(
          Float32Array.from(p.data, (v, k) => v + (k === i ? by : 0)),
          p.shape,
          "float32",
        );
      const rise = (await traced(moved(step), q, at)).item() - (await traced(moved(-step), q, at)).item();
      expect(gradient.data[i]! / (rise / (2 * step))).toBeCloseTo(1, 2);
    }
  });
});

test("chunks of points add up: 600 points against the definition in float64", async () => {
  const many = formulaMeasure(600, 7);
  const { real, imaginary } = await characteristicFunction(many, at);
  for (let j = 0; j < 9; j++) {
    let [re, im] = [0, 0];
    for (let i = 0; i < 600; i++) {
      let phase = 0;
      for (let k = 0; k < 6; k++) phase += many.points.data[i * 6 + k]! * at.data[j * 6 + k]!;
      re += many.weights![i]! * Math.cos(phase);
      im += many.weights![i]! * Math.sin(phase);
    }
    expect(real[j]).toBeCloseTo(re, 5);
    expect(imaginary[j]).toBeCloseTo(im, 5);
  }
});

const context = (name: string) => {
  const record = measurableNamed(name);
  const measure = (a: EmpiricalMeasure, b: EmpiricalMeasure, options = { frequencies: 64 }, seed = 1) =>
    record.measure(a, b, { seed, network: mlp() }, options);
  return measure;
};

const cloud = fc
  .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 24 })
  .map((v) => points("p", v.slice(0, v.length - (v.length % 3)), 3));

describe.each(["characteristic", "characteristic-sup"])("%s is a metric up to rounding", (name) => {
  const measure = context(name);
  test("zero on equal measures, symmetric, blind to order", async () => {
    await fc.assert(
      fc.asyncProperty(cloud, cloud, async (a, b) => {
        expect((await measure(a, { ...a })).value).toBe(0);
        const { value } = await measure(a, b);
        expect((await measure(b, a)).value).toBeCloseTo(value, 5);
        const reversed = rowsOf(
          a,
          Array.from({ length: a.labels.length }, (_, i) => a.labels.length - 1 - i),
        );
        expect((await measure(reversed, b)).value).toBeCloseTo(value, 5);
      }),
      { numRuns: 20 },
    );
  });

  test("triangle inequality at common frequencies", async () => {
    const norm = (squares: Float64Array) =>
      name === "characteristic" ? Math.sqrt(squares.reduce((s, v) => s + v, 0)) : Math.sqrt(Math.max(...squares));
    const t = formulaTensor([16, 3], 3);
    await fc.assert(
      fc.asyncProperty(cloud, cloud, cloud, async (p, q, r) => {
        const [pq, qr, pr] = await Promise.all(
          [
            [p, q],
            [q, r],
            [p, r],
          ].map(async ([u, v]) => norm(await squaredDifferences(u!, v!, t))),
        );
        expect(pr!).toBeLessThanOrEqual(pq! + qr! + 1e-5);
      }),
      { numRuns: 20 },
    );
  });

  test("tells equal means of different variance apart; identical points have distance 0", async () => {
    const [narrow, wide] = [points("narrow", [-1, 1, -1, 1], 1), points("wide", [-2, 2, -2, 2], 1)];
    expect((await measure(narrow, wide)).value).toBeGreaterThan(0.1);
    expect((await measure(points("one", [4], 1), points("one again", [4, 4], 1))).value).toBe(0);
  });
});

test("the standard error covers the frequencies' being a sample", async () => {
  const measure = context("characteristic");
  const [a, b] = [points("a", [-1, 0, 1, 2], 1), points("b", [0, 0.5, 3, 4], 1)];
  const many = await measure(a, b, { frequencies: 60_000 });
  let inside = 0;
  for (let seed = 0; seed < 40; seed++) {
    const { value, stderr } = await measure(a, b, { frequencies: 64 }, seed);
    if (Math.abs(value - many.value) < 2 * stderr) inside++;
  }
  expect(inside).toBeGreaterThanOrEqual(33);
  expect(inside).toBeLessThan(40 * 1.001);
});

test("an option out of range and points of other shapes are refused", async () => {
  const measure = context("characteristic");
  const a = points("a", [1, 2], 1);
  await expect(measure(a, a, { frequencies: 0 })).rejects.toMatchObject({ code: "invalid-option", exitCode: 2 });
  await expect(measure(a, points("b", [1, 2], 2))).rejects.toMatchObject({
    code: "shapes-differ",
    exitCode: 2,
  });
});
