import { beforeAll, describe, expect, test } from "vitest";
import { loadDigits } from "../../data/digits.ts";
import { normalise } from "../../data/normalise.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import { convnet } from "../../hypotheses/index.ts";
import { characteristicDiscrepancies } from "../characteristic/index.ts";
import { criterionDiscrepancies } from "../criterion/index.ts";
import type { Discrepancy, EmpiricalMeasure } from "../discrepancy.ts";
import { generalizationDiscrepancies } from "../generalization/index.ts";
import { gradientDiscrepancies } from "../gradient/index.ts";
import { ipmDiscrepancies } from "../ipm/index.ts";
import { momentDiscrepancies } from "../moments/index.ts";
import { defaults, rowsOf } from "./index.ts";

const all: readonly Discrepancy[] = [
  ...criterionDiscrepancies,
  ...ipmDiscrepancies,
  ...characteristicDiscrepancies,
  ...momentDiscrepancies,
  ...gradientDiscrepancies,
  ...generalizationDiscrepancies,
];

/** Small enough to train in a second. */
const network = convnet({ depth: 2, width: 8 });
const overrides: Readonly<Record<string, number>> = {
  steps: 100,
  samples: 200,
  points: 300,
  ascent: 3,
  initialisations: 2,
};

const measure = async (record: Discrepancy, a: EmpiricalMeasure, b: EmpiricalMeasure): Promise<number> => {
  const known = Object.entries(overrides).filter(([name]) => name in record.settings);
  const settings = { ...defaults(record.settings), ...Object.fromEntries(known) };
  const { value, stderr, estimator, bound } = await record.measure(a, b, { seed: 3, network, settings });
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
    "test-loss",
    "robust-loss",
    "model-agnostic",
    "model-agnostic-mean",
    "ipm",
    "ipm-critic",
    "characteristic",
    "characteristic-sup",
    "moments",
    "gradient",
    "gradient-cosine",
    "gradient-layerwise",
    "generalization",
    "value",
    "parameter",
  ]);
  expect(new Set(all.map((d) => d.title)).size).toBe(all.length);
  for (const { formula, reference, settings } of all) {
    expect(formula.length).toBeGreaterThan(10);
    expect(reference).toMatch(/§/);
    for (const { default: value, accepts, meaning } of Object.values(settings)) {
      expect(meaning.length).toBeGreaterThan(5);
      expect((accepts ?? Number.isFinite)(value)).toBe(true);
    }
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
