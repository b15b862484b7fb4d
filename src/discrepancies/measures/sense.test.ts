import { beforeAll, describe, expect, test } from "vitest";
import { loadDigits } from "../../data/digits.ts";
import { normalise } from "../../data/normalise.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import { convnet } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure, Measurable } from "../discrepancy.ts";
import { measurables } from "../registry.ts";
import { rowsOf } from "./index.ts";

/** All but those of kernels, transport and coverings, which have tests of their own. */
const all = measurables.filter(({ name }) => !/mmd|wasserstein|bottleneck|sinkhorn|hausdorff|covering/.test(name));

/** Small enough to train in a second. */
const network = convnet({ depth: 2, width: 8 });
const overrides: Readonly<Record<string, number>> = {
  steps: 100,
  samples: 200,
  points: 300,
  ascent: 3,
  initialisations: 2,
};

const measure = async (record: Measurable, a: EmpiricalMeasure, b: EmpiricalMeasure): Promise<number> => {
  const known = Object.entries(overrides).filter(([name]) => name in record.options);
  const options = Object.fromEntries(known);
  const { value, stderr, estimator, bound } = await record.measure(a, b, { seed: 3, network }, options);
  expect(value).toBeGreaterThanOrEqual(0);
  expect(Number.isNaN(stderr) || stderr >= 0).toBe(true);
  // A bound is never given an error of 0: how far off it is is not known.
  if (bound !== undefined) expect(stderr).not.toBe(0);
  expect(estimator.length).toBeGreaterThan(5);
  return value;
};

/** One object for every set, so that trainings are shared by all discrepancies. */
let [half, again, other, some, much, permuted]: EmpiricalMeasure[] = [];

beforeAll(async () => {
  const digits = await loadDigits();
  const whole: EmpiricalMeasure = {
    name: "digits",
    points: normalise(digits, "train"),
    labels: digits.train.labels,
    classes: digits.classes,
  };
  const order = randomKey(1).permutation(whole.labels.length);
  half = { ...rowsOf(whole, order.subarray(0, 700)), name: "half" };
  again = { ...half };
  other = { ...rowsOf(whole, order.subarray(700, 1400)), name: "other half" };
  [some, much] = [noisy(other, 1), noisy(other, 4)];
  permuted = { ...other, name: "permuted", labels: other.labels.map((label) => (label + 1) % 10) };
});

/** The set with normal noise of that standard deviation on every pixel. */
function noisy(set: EmpiricalMeasure, deviation: number): EmpiricalMeasure {
  const { points } = set;
  const noise = randomKey(9).normal(points.data.length);
  const data = Float32Array.from(points.data, (v, i) => v + deviation * noise[i]!);
  return { ...set, name: `noise ${deviation}`, points: new Tensor(data, points.shape, "float32") };
}

test("names, titles and formulas are there and different", () => {
  expect(all.map((d) => d.name)).toEqual([
    "ipm",
    "ipm-critic",
    "mean-difference",
    "frechet",
    "characteristic",
    "characteristic-sup",
    "moments",
    "gradient",
    "gradient-cosine",
    "gradient-layerwise",
    "convolution-difference",
    "test-loss",
    "robust-loss",
    "model-agnostic",
    "model-agnostic-mean",
    "generalization",
    "value",
    "parameter",
  ]);
  expect(new Set(measurables.map((d) => d.title)).size).toBe(measurables.length);
  for (const { formula, reference, options, resolve } of measurables) {
    expect(formula.length).toBeGreaterThan(10);
    expect(reference).toMatch(/§/);
    for (const { meaning } of Object.values(options)) expect(meaning!.length).toBeGreaterThan(5);
    const usual = Object.fromEntries(Object.entries(options).map(([name, rule]) => [name, String(rule.default)]));
    expect(resolve(usual)).toEqual(resolve({}));
  }
});

describe.each(all)("$name on digits", (record) => {
  test("another sample is near, noise is farther the more of it there is", async () => {
    const near = await measure(record, half!, other!);
    const [less, more] = [await measure(record, half!, some!), await measure(record, half!, much!)];
    expect(near).toBeLessThan(0.6 * more);
    expect(near).toBeLessThan(less);
    expect(less).toBeLessThan(more);
    expect(await measure(record, half!, again!)).toBeLessThan(1e-6);
  });

  test(record.labelAware ? "detects permuted labels" : "is blind to labels", async () => {
    const [own, changed] = [await measure(record, half!, other!), await measure(record, half!, permuted!)];
    if (record.labelAware) expect(changed).toBeGreaterThan(1.5 * own);
    else expect(changed).toBe(own);
  });
});
