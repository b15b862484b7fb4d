import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaMeasure, points, relativeError, uniform } from "../../../golden/discrepancies/measure.ts";
import golden from "../../../golden/discrepancies/moments.json" with { type: "json" };
import { mlp } from "../../hypotheses/index.ts";
import { rowsOf, weightsOf } from "../measures/index.ts";
import { measurableNamed } from "../registry.ts";
import { covarianceOf, momentsOf } from "./index.ts";

const [x, y] = [formulaMeasure(7, 90), formulaMeasure(5, 91)];
const moments = measurableNamed("moments");
const context = { seed: 0, network: mlp() };
const even = (measure: typeof x) => weightsOf(uniform(measure));

describe("against SciPy and NumPy in float64", () => {
  test("central moments to order 5", () => {
    const got = momentsOf(x.points, even(x), 5);
    golden.moments.forEach((row, k) => {
      expect(relativeError(got[k]!, row)).toBeLessThan(1e-10);
    });
  });

  test.each([1, 2, 3, 5])("squared difference to order %i", async (order) => {
    const { value } = await moments.measure(uniform(x), uniform(y), context, { order });
    expect(value ** 2 / golden.squared[`${order as 1}`]).toBeCloseTo(1, 10);
  });

  test("covariance", async () => {
    const [mean] = momentsOf(x.points, even(x), 1);
    const got = await covarianceOf(x.points, even(x), mean!);
    expect(relativeError(got, golden.uniformCovariance.flat())).toBeLessThan(1e-5);
  });

  test("the discrepancy of weighted measures, with variances and with covariances", async () => {
    expect((await moments.measure(x, y, context)).value / golden.weighted).toBeCloseTo(1, 10);
    const whole = await moments.measure(x, y, context, { covariance: true });
    expect(whole.value / golden.weightedCovariance).toBeCloseTo(1, 5);
  });
});

const cloud = fc
  .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 20 })
  .map((v) => points("p", v.slice(0, v.length - (v.length % 2)), 2));

test("a pseudometric: zero on equal measures, symmetric, triangle inequality, blind to order", async () => {
  const distance = async (a: typeof x, b: typeof x) => (await moments.measure(a, b, context, { order: 4 })).value;
  await fc.assert(
    fc.asyncProperty(cloud, cloud, cloud, async (a, b, c) => {
      const ab = await distance(a, b);
      expect(await distance(a, { ...a })).toBe(0);
      expect(await distance(b, a)).toBe(ab);
      expect(await distance(a, c)).toBeLessThanOrEqual(ab + (await distance(b, c)) + 1e-9);
      const reversed = rowsOf(
        a,
        Array.from({ length: a.labels.length }, (_, i) => a.labels.length - 1 - i),
      );
      expect(await distance(reversed, b)).toBeCloseTo(ab, 9);
    }),
  );
});

test("order 1 sees means only, order 2 variances too, order 3 skewness", async () => {
  const [narrow, wide] = [points("narrow", [-1, 1], 1), points("wide", [-2, 2], 1)];
  expect((await moments.measure(narrow, wide, context, { order: 1 })).value).toBe(0);
  expect((await moments.measure(narrow, wide, context)).value).toBe(3);
  const [left, right] = [points("left", [-2, 1, 1], 1), points("right", [2, -1, -1], 1)];
  expect((await moments.measure(left, right, context)).value).toBeCloseTo(0, 12);
  expect((await moments.measure(left, right, context, { order: 3 })).value).toBeCloseTo(4, 12);
});

test("features of a network in place of points", async () => {
  const { value, estimator } = await moments.measure(x, y, context, { features: true });
  expect(value).toBeGreaterThan(0);
  expect(estimator).toContain("features of a random mlp");
});

test("an unknown order and a covariance too wide are refused", async () => {
  await expect(moments.measure(x, y, context, { order: 1.5 })).rejects.toMatchObject({
    code: "invalid-option",
    exitCode: 2,
  });
  const wide = points("wide", new Float32Array(5000), 5000);
  await expect(moments.measure(wide, wide, context, { covariance: true })).rejects.toMatchObject({
    code: "too-wide",
    exitCode: 2,
  });
});
