import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaMeasure, points, uniform } from "../../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { randomKey, tensor } from "../../engine/index.ts";
import { convnet, mlp } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import {
  type BlockMeans,
  checkClasses,
  checkMeasures,
  distanceOfMeans,
  drawnByWeight,
  networkFor,
  networkOf,
  overRepeats,
  sampled,
  sampledMean,
  weightsOf,
} from "./index.ts";

const good = () => points("good", [1, 2, 3, 4], 2);
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    const { code, exitCode, message } = error as { code: string; exitCode: number; message: string };
    expect(exitCode).toBe(2);
    expect(message).not.toContain("\n");
    return code;
  }
  return "nothing refused";
};

describe("measures that cannot be compared are refused", () => {
  test.each<[string, EmpiricalMeasure, string]>([
    ["other shapes", points("b", [1, 2, 3], 3), "shapes-differ"],
    ["another number of axes", { ...good(), points: tensor([1, 2, 3, 4], [2, 1, 1, 2]) }, "shapes-differ"],
    ["no points", { ...good(), points: tensor([], [0, 2]), labels: new Int32Array() }, "empty-measure"],
    ["NaN", points("b", [1, Number.NaN], 2), "not-finite"],
    ["infinity", points("b", [1, Number.POSITIVE_INFINITY], 2), "not-finite"],
    ["too few labels", { ...good(), labels: Int32Array.of(0) }, "bad-labels"],
    ["a label out of range", { ...good(), labels: Int32Array.of(0, 2) }, "bad-labels"],
    ["a negative weight", { ...good(), weights: Float64Array.of(2, -1) }, "bad-weights"],
    ["weights of another sum", { ...good(), weights: Float64Array.of(1, 1) }, "bad-weights"],
    ["too few weights", { ...good(), weights: Float64Array.of(1) }, "bad-weights"],
  ])("%s", (_what, b, expected) => {
    expect(code(() => checkMeasures(good(), b))).toBe(expected);
  });

  test("other classes, where labels are read", () => {
    checkClasses(good(), good());
    expect(code(() => checkClasses(good(), points("b", [1, 2], 2, 3)))).toBe("classes-differ");
  });
});

test("a sample keeps weights at sum 1, and equal measures equal positions", () => {
  const measure = formulaMeasure(20, 1);
  const { measure: few, share } = sampled(measure, 8, randomKey(1));
  expect(share).toBe(0.4);
  expect(few.labels).toHaveLength(8);
  expect(weightsOf(few).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(sampled(measure, 8, randomKey(1)).measure).toBe(few);
  expect(sampled({ ...measure }, 8, randomKey(1)).measure.points.data).toEqual(few.points.data);
  expect(sampled(measure, 8, randomKey(2)).measure.points.data).not.toEqual(few.points.data);
  expect(sampled(measure, 20, randomKey(1)).measure).toBe(measure);
  expect(sampled(measure, 0, randomKey(1)).share).toBe(1);
});

test("flat points are read by an MLP, images by the network asked for, batch normalisation by none", () => {
  const context = { network: convnet({ depth: 1, width: 2 }) };
  expect(networkFor(good(), context).spec.name).toBe("mlp");
  const images = { ...good(), points: formulaTensor([2, 1, 4, 4], 1) };
  expect(networkFor(images, context).spec.name).toBe("convnet");
  expect(networkFor(good(), { network: mlp({ width: 3 }) }).features).toBe(3);
  expect(networkOf(mlp(), [1, 1, 2], 2)).toBe(networkOf(mlp(), [1, 1, 2], 2));
  expect(code(() => networkOf(convnet({ depth: 1, normalisation: "batch" }), [1, 4, 4], 2))).toBe("batch-normalised");
});

test("the standard error of a sampled mean is that of simple random sampling", () => {
  const key = randomKey(5);
  const whole = Float64Array.from(key.normal(400));
  const truth = whole.reduce((a, b) => a + b) / 400;
  let inside = 0;
  let squares = 0;
  let stated = 0;
  for (let t = 0; t < 400; t++) {
    const values = Float64Array.from(key.fold(t).permutation(400, 100), (i) => whole[i]!);
    const { mean, stderr } = sampledMean(values, new Float64Array(100).fill(0.01), 0.25);
    squares += (mean - truth) ** 2 / 400;
    stated += stderr / 400;
    if (Math.abs(mean - truth) < 2 * stderr) inside++;
  }
  expect(Math.abs(stated / Math.sqrt(squares) - 1)).toBeLessThan(0.15);
  expect(inside).toBeGreaterThan(365);
  expect(sampledMean(whole, new Float64Array(400).fill(1 / 400), 1).stderr).toBe(0);
});

describe("distanceOfMeans", () => {
  /** Block means of a sample of `count` normal points in 20 dimensions with the given mean in every one. */
  const blocks = (shift: number, count: number, key: ReturnType<typeof randomKey>): BlockMeans => {
    const all = key.normal(20 * count);
    const mean = new Float64Array(20);
    const parts = Array.from({ length: 8 }, (_, p) => {
      const own = new Float64Array(20);
      const each = count / 8;
      for (let i = p * each; i < (p + 1) * each; i++)
        for (let j = 0; j < 20; j++) own[j]! += (all[i * 20 + j]! + shift) / each;
      for (let j = 0; j < 20; j++) mean[j]! += own[j]! / 8;
      return { mass: 1 / 8, mean: Float32Array.from(own) };
    });
    return { mean, blocks: parts, share: 1e-9 };
  };

  test("takes the noise of the samples off, and states its error", () => {
    for (const shift of [0.2, 0.5]) {
      const truth = shift * Math.sqrt(20);
      let [total, naive, inside] = [0, 0, 0];
      for (let t = 0; t < 200; t++) {
        const [a, b] = [blocks(0, 80, randomKey(t).fold("a")), blocks(shift, 80, randomKey(t).fold("b"))];
        const { value, stderr } = distanceOfMeans(a, b);
        total += value / 200;
        naive += distanceOfMeans({ ...a, share: 1 }, { ...b, share: 1 }).value / 200;
        if (Math.abs(value - truth) < 2 * stderr) inside++;
      }
      expect(Math.abs(total - truth)).toBeLessThan(0.03 * truth + 0.01);
      expect(naive - truth).toBeGreaterThan(2 * Math.abs(total - truth));
      expect(inside).toBeGreaterThan(170);
    }
  });

  test("exact and without error for whole measures", () => {
    const exact = (v: number[]): BlockMeans => ({ mean: Float64Array.from(v), blocks: [], share: 1 });
    expect(distanceOfMeans(exact([0, 3]), exact([4, 0]))).toEqual({ value: 5, stderr: 0 });
  });
});

test("repeats: the mean, and an error of at least the spread over them", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 2, maxLength: 9 }), (values) => {
      const k = values.length;
      const mean = values.reduce((a, b) => a + b) / k;
      const spread = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (k - 1) / k);
      const got = overRepeats(values.map((value) => ({ value, stderr: 0 })));
      expect(got.value).toBeCloseTo(mean, 9);
      expect(got.stderr).toBeCloseTo(spread, 9);
      expect(overRepeats(values.map((value) => ({ value, stderr: 1 }))).stderr).toBeGreaterThanOrEqual(1);
    }),
  );
});

test("draws by weight: a position for every number, in proportion, never one without weight", () => {
  const weights = Float64Array.of(1, 0, 2, 5);
  expect([...drawnByWeight(weights, [0, 0.124, 0.125, 0.374, 0.375, 0.999])]).toEqual([0, 0, 2, 2, 3, 3]);
});

test("points without weight in a sample count alike", () => {
  const measure = { ...uniform(formulaMeasure(9, 1)), weights: Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0) };
  for (let seed = 0; seed < 5; seed++) {
    const { measure: one } = sampled(measure, 2, randomKey(seed));
    expect(weightsOf(one).reduce((a, b) => a + b)).toBe(1);
  }
});
