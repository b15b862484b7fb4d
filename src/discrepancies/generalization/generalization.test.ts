import { describe, expect, test } from "vitest";
import { formulaMeasure, formulaMlp, learnable, uniform } from "../../../golden/discrepancies/measure.ts";
import { type OptionValues, randomKey, Tensor } from "../../engine/index.ts";
import { mlp, type Params } from "../../hypotheses/index.ts";
import { outputs, testLoss } from "../criterion/index.ts";
import { networkOf } from "../measures/index.ts";
import { measurableNamed } from "../registry.ts";
import {
  featureDiscrepancy,
  generalizationDiscrepancies,
  generalizationDiscrepancy,
  initialHypothesis,
  parameterDiscrepancy,
  trainedOn,
  valueDiscrepancy,
} from "./index.ts";

const a = learnable(40, 90);
const b = { ...learnable(24, 91), name: "other" };
const network = networkOf(mlp({ width: 8 }), [1, 1, 6], 3);
const training = { seed: 5, steps: 40, samples: 100 };

describe("trainedOn", () => {
  test("starts at the common initialisation, is remembered, lowers the loss", async () => {
    const h = await trainedOn(network, a, 0, { ...training, steps: 300 });
    expect(await testLoss(h, a)).toBeLessThan((await testLoss(initialHypothesis(network, 0, 5), a)) - 0.1);
    const first = trainedOn(network, a, 1, training);
    expect(trainedOn(network, a, 1, training)).toBe(first);
    const again = await trainedOn(network, { ...a }, 1, training);
    expect(again.params).toEqual((await first).params);
  });

  test("takes as many steps on a small set as on a large one", async () => {
    const start = initialHypothesis(network, 0, 5);
    const one = { ...uniform(formulaMeasure(3, 90)), name: "three points" };
    const moved = parameterDiscrepancy(start, await trainedOn(network, one, 0, training));
    expect(moved).toBeGreaterThan(0.2 * parameterDiscrepancy(start, await trainedOn(network, a, 0, training)));
  });

  test("weights count: a set with weights on one half trains as that half does", async () => {
    // One batch of all points: the order has no say.
    const half = { ...uniform(formulaMeasure(8, 90)), name: "half" };
    const points = new Float32Array(16 * 6);
    points.set(half.points.data);
    points.set(formulaMeasure(8, 93).points.data, 48);
    const whole = {
      ...half,
      points: new Tensor(points, [16, 6], "float32"),
      labels: Int32Array.from({ length: 16 }, (_, i) => (i % 8) % 3),
      weights: Float64Array.from({ length: 16 }, (_, i) => (i < 8 ? 1 / 8 : 0)),
    };
    const [h, g] = [await trainedOn(network, half, 0, training), await trainedOn(network, whole, 0, training)];
    expect(parameterDiscrepancy(h, g)).toBeLessThan(1e-4 * parameterDiscrepancy(h, initialHypothesis(network, 0, 5)));
  });
});

describe("the distances, from their definitions", () => {
  const h = formulaMlp();
  const scaled: Params = {
    ...h.params,
    head: Object.fromEntries(
      Object.entries(h.params.head!).map(([n, t]) => [
        n,
        new Tensor(
          Float32Array.from(t.data, (v) => v * 1.5),
          t.shape,
          "float32",
        ),
      ]),
    ),
  };
  const g = { ...h, params: scaled };
  const sides = [a, b].map((measure) => ({ measure, share: 1 }));

  test("GD, VD, features and PD of two heads of one body", async () => {
    const gd = await generalizationDiscrepancy(sides[0]!, h, g);
    expect(gd.value).toBeCloseTo(Math.abs((await testLoss(g, a)) - (await testLoss(h, a))), 12);
    const norms = [];
    for (const m of [a, b]) {
      const logits = await outputs(h, m);
      norms.push(
        Array.from({ length: m.labels.length }, (_, i) => 0.5 * Math.hypot(...logits.data.subarray(3 * i, 3 * i + 3))),
      );
    }
    const { sup, mean } = await valueDiscrepancy(sides, h, g);
    expect(sup).toBeCloseTo(Math.max(...norms.flat()), 5);
    const average = norms.reduce((s, own) => s + own.reduce((t, v) => t + v, 0) / own.length / 2, 0);
    expect(mean.value).toBeCloseTo(average, 5);
    expect((await featureDiscrepancy(sides, h, g)).sup).toBe(0);
    const head = Object.values(h.params.head!).flatMap((t) => [...t.data]);
    expect(parameterDiscrepancy(h, g)).toBeCloseTo(0.5 * Math.hypot(...head), 5);
  });
});

describe.each(Object.keys(generalizationDiscrepancies).map(measurableNamed))("$name", (record) => {
  const options = { initialisations: 2, steps: 40 };
  const context = { seed: 5, network: mlp({ width: 8 }) };

  test("zero on equal measures, positive on others, symmetric but for GD", async () => {
    expect((await record.measure(a, { ...a }, context, options)).value).toBe(0);
    const { value, stderr, estimator } = await record.measure(a, b, context, options);
    expect(value).toBeGreaterThan(0);
    expect(stderr).toBeGreaterThan(0);
    expect(estimator).toContain("2 initialisations of mlp, 40 steps");
    if (record.name !== "generalization")
      expect((await record.measure(b, a, context, options)).value).toBeCloseTo(value, 10);
  });

  test("detects permuted labels", async () => {
    const permuted = { ...a, labels: a.labels.map((label) => (label + 1) % 3) };
    expect((await record.measure(a, permuted, context, options)).value).toBeGreaterThan(0.1);
  });

  test("refuses an option out of range and an aborted training leaves no trace", async () => {
    const bad = record.measure(a, b, context, { ...options, initialisations: 0 });
    await expect(bad).rejects.toMatchObject({ code: "invalid-option", exitCode: 2 });
    const unseen = { ...a };
    const controller = new AbortController();
    const stopped = record.measure(unseen, b, { ...context, signal: controller.signal }, options);
    controller.abort(new Error("stop"));
    await expect(stopped).rejects.toThrow("stop");
    expect((await record.measure(unseen, b, context, options)).value).toBe(
      (await record.measure(a, b, context, options)).value,
    );
  });
});

test("the value discrepancy's mean norm is below its sup norm, features in place of outputs", async () => {
  const record = measurableNamed("value");
  const of = async (extra: OptionValues) =>
    (await record.measure(a, b, { seed: 5, network: mlp({ width: 8 }) }, { steps: 40, ...extra })).value;
  const [sup, mean, features] = [await of({}), await of({ norm: "mean" }), await of({ features: true })];
  expect(mean).toBeLessThan(sup);
  expect(features).not.toBe(sup);
});

test("random keys of trainings do not collide with the initialisation's", () => {
  expect(initialHypothesis(network, 0, 1).params).not.toEqual(initialHypothesis(network, 1, 1).params);
  expect(initialHypothesis(network, 0, 1).params).not.toEqual(network.init(randomKey(1)));
});
