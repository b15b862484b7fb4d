import { describe, expect, test } from "vitest";
import { standardisedValues, type ValuesTarget } from "../../data/valuesTarget.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import {
  isReadingValue,
  parseReading,
  type ReadingSpec,
  readingNamed,
  readings,
  readingsOf,
  readingText,
  type Samples,
  type TrainedNetwork,
  unitOfValue,
} from "./index.ts";

const network: TrainedNetwork = {
  spec: { name: "made", options: {} },
  outputs: "logits",
  predict: async () => {
    throw new Error("the outputs are there");
  },
};

/** Samples as stored, of which readings of outputs see nothing. */
const unseen: Samples["dataset"] = {
  test: { images: new Float32Array(), labels: new Int32Array() },
  shape: [1, 1, 1],
  normalisation: { scale: 1, mean: [0], std: [1] },
};

/** Samples whose outputs are given as rows. */
function samples(rows: number[][], labels: number[]): Samples {
  const classes = rows[0]!.length;
  return {
    dataset: unseen,
    labels: Int32Array.from(labels),
    classes,
    batches: async function* () {},
    outputs: async () => new Tensor(Float32Array.from(rows.flat()), [rows.length, classes], "float32"),
  };
}

const taken = (text: string, on: Samples) => {
  const { name, options } = parseReading(text);
  return readingNamed(name).of(network, on, options, randomKey(0));
};

const ln = Math.log;
/** Logits whose softmax are these probabilities, moved by a number that it does not see. */
const logits = (...p: number[]) => p.map((v) => ln(v) + 3);

const on = samples(
  [logits(0.7, 0.2, 0.1), logits(0.6, 0.3, 0.1), logits(0.1, 0.1, 0.8), logits(0.2, 0.45, 0.35)],
  [0, 1, 2, 1],
);

describe("values by hand", () => {
  test("accuracy, where a tie and what is no number count as wrong", async () => {
    expect(await taken("accuracy", on)).toEqual({ accuracy: 0.75 });
    const odd = samples(
      [
        [1, 1],
        [Number.NaN, 0],
        [0, Number.NaN],
        [-1, -2],
      ],
      [0, 0, 0, 0],
    );
    expect(await taken("accuracy", odd)).toEqual({ accuracy: 0.25 });
  });

  test("worst-class, without the classes of which there are no samples", async () => {
    expect(await taken("worst-class", on)).toEqual({ "worst-class": 0.5, "class-0": 1, "class-1": 0.5, "class-2": 1 });
    const two = samples([logits(0.2, 0.3, 0.5), logits(0.5, 0.4, 0.1)], [2, 0]);
    expect(await taken("worst-class", two)).toEqual({ "worst-class": 1, "class-0": 1, "class-2": 1 });
    expect(readingNamed("worst-class").names(two)).toEqual(["worst-class", "class-0", "class-2"]);
  });

  test("loss is the mean of -log p", async () => {
    const { loss } = await taken("loss", on);
    expect(loss).toBeCloseTo(-(ln(0.7) + ln(0.3) + ln(0.8) + ln(0.45)) / 4, 6);
  });

  test("calibration: confidences 0.7, 0.6, 0.8, 0.45, of which the second is wrong", async () => {
    const two = await taken("calibration:bins=2", on);
    // (0, 0.5]: one right at 0.45. (0.5, 1]: two of three right, the confidences add up to 2.1.
    expect(two.calibration).toBeCloseTo((0.55 + 0.1) / 4, 6);
    const ten = await taken("calibration:bins=10", on);
    expect(ten.calibration).toBeCloseTo((0.3 + 0.6 + 0.2 + 0.55) / 4, 6);
    const squares = [0.09 + 0.04 + 0.01, 0.36 + 0.49 + 0.01, 0.01 + 0.01 + 0.04, 0.04 + 0.3025 + 0.1225];
    expect(two.brier).toBeCloseTo(squares.reduce((a, b) => a + b, 0) / 4, 6);
    expect(two.nll).toBe((await taken("loss", on)).loss);
  });

  test("of a network that is sure, right or wrong", async () => {
    const sure = samples([[1000, 0, -1000]], [0]);
    expect(await taken("calibration", sure)).toEqual({ calibration: 0, brier: 0, nll: 0 });
    const wrong = samples([[1000, 0, -1000]], [2]);
    expect(await taken("calibration", wrong)).toEqual({ calibration: 1, brier: 2, nll: 2000 });
  });
});

/** Samples with numbers to predict, in the units of their target, and predictions of them. */
function predicted(target: ValuesTarget, values: number[], predictions: number[]): Samples {
  const k = target.names.length;
  const outputs = new Tensor(standardisedValues(predictions, target), [values.length / k, k], "float32");
  return {
    dataset: unseen,
    labels: new Int32Array(values.length / k),
    values: standardisedValues(values, target),
    target,
    classes: 2,
    batches: async function* () {},
    outputs: async () => outputs,
  };
}

describe("numbers to predict", () => {
  const target = { names: ["y"], mean: [10], std: [4] };

  test("R² and RMSE by hand, in the units of what is predicted", async () => {
    const samples = predicted(target, [6, 10, 14, 18], [7, 10, 12, 18]);
    // Squared errors 1, 0, 4, 0; squared distances from the mean of 12: 36, 4, 4, 36.
    expect((await taken("r2", samples)).r2).toBeCloseTo(1 - 5 / 80, 6);
    expect((await taken("rmse", samples)).rmse).toBeCloseTo(Math.sqrt(5 / 4), 6);
    const mean = predicted(target, [6, 10, 14, 18], [12, 12, 12, 12]);
    expect((await taken("r2", mean)).r2).toBeCloseTo(0, 6);
  });

  test("several numbers: a mean, and the error of each", async () => {
    const two = { names: ["y", "z"], mean: [10, 0], std: [4, 100] };
    const samples = predicted(two, [6, -100, 14, 100], [8, -100, 14, 50]);
    const { rmse, y, z } = await taken("rmse", samples);
    expect([rmse, y, z].map((v) => Number(v!.toFixed(4)))).toEqual(
      [(Math.sqrt(2) + Math.sqrt(1250)) / 2, Math.sqrt(2), Math.sqrt(1250)].map((v) => Number(v.toFixed(4))),
    );
    expect((await taken("r2", samples)).r2).toBeCloseTo((1 - 4 / 32 + (1 - 2500 / 20000)) / 2, 6);
  });

  test("of one value alone there is no variance to explain", async () => {
    await expect(taken("r2", predicted(target, [6, 6], [5, 7]))).rejects.toThrow(
      expect.objectContaining({ code: "no-variance", exitCode: 2 }),
    );
  });
});

/** Readings of outputs; those of weights and of other images have tests of their own. */
const ofOutputs = readings.filter(({ name, needsWeights }) => !needsWeights && name !== "corruption");

test.each(ofOutputs.map((r) => [r.name, r] as const))("%s yields the values that it names", async (name, reading) => {
  const two = { names: ["y", "z"], mean: [0, 0], std: [1, 1] };
  const samples = reading.target === "classes" ? on : predicted(two, [1, 2, 3, 4], [1, 2, 2, 3]);
  expect(Object.keys(await taken(name, samples))).toEqual(reading.names(samples));
});

describe("texts", () => {
  test.each(["accuracy", "worst-class", "calibration", "calibration:bins=10", "loss"])("%s", (text) => {
    expect(readingText(parseReading(text))).toBe(text);
  });

  test("the default written out is left out", () => {
    expect(readingText(parseReading("calibration:bins=15"))).toBe("calibration");
  });

  test.each([
    ["acuracy", "unknown-reading"],
    ["", "unknown-reading"],
    ["calibration:bin=3", "unknown-option"],
    ["calibration:bins=0", "invalid-option"],
    ["calibration:bins", "invalid-reading"],
    ["loss:", "invalid-reading"],
    ["loss:bins=3", "unknown-option"],
  ])('"%s" is refused as %s', (text, code) => {
    expect(() => parseReading(text)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });
});

test("equal lists in any order are one list, accuracy first", () => {
  const list = (...texts: string[]): ReadingSpec[] => texts.map(parseReading);
  const texts = (specs: readonly ReadingSpec[]) => specs.map(readingText);
  expect(texts(readingsOf([]))).toEqual(["accuracy"]);
  const asked = readingsOf(list("loss", "calibration:bins=9", "calibration", "worst-class", "loss", "accuracy"));
  expect(texts(asked)).toEqual(["accuracy", "worst-class", "calibration", "calibration:bins=9", "loss"]);
  expect(readingsOf(list("loss", "worst-class"))).toEqual(readingsOf(list("worst-class", "loss")));
});

test.each([
  ["accuracy", 1.01, false],
  ["accuracy", -0.01, false],
  ["accuracy", "0.5", false],
  ["accuracy", Number.NaN, false],
  ["accuracy", 1, true],
  ["calibration:bins=3", 1.5, false],
  ["calibration:bins=3.brier", 1.5, true],
  ["calibration.brier", 2.1, false],
  ["calibration.nll", 30, true],
  ["worst-class.class-3", 1.2, false],
  ["loss", Number.POSITIVE_INFINITY, false],
  ["a later reading", -7, true],
])("%s of %s is a value: %s", (name, value, valid) => {
  expect(isReadingValue(name, value)).toBe(valid);
});

test("units are looked up by a value's name", () => {
  expect(["worst-class.class-3", "calibration:bins=3.nll", "calibration", "a later reading"].map(unitOfValue)).toEqual([
    "fraction",
    "nats",
    "fraction",
    undefined,
  ]);
});
