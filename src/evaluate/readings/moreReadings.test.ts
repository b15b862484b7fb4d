import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import { buildNetwork, fieldRecipe, parseNetwork } from "../../hypotheses/index.ts";
import { corruptions } from "../corruptions/index.ts";
import { evaluate } from "../evaluate.ts";
import { finiteLearner } from "../finite.ts";
import { coresetAsSet } from "../index.ts";
import { namesOfValues, parseReading, read, readingsOf, type TrainedNetwork } from "./index.ts";

/** Beside NumPy and SciPy. */
const golden = JSON.parse(
  readFileSync(new URL("../../../golden/benchmark/calibration.json", import.meta.url), "utf8"),
) as {
  logits: number[][];
  labels: number[];
} & Record<"bins" | "adaptive" | "maximum" | "classwise" | "temperature" | "calibration" | "nll", number>;

test("calibration by bins of equal size, by class, and after temperature scaling, beside NumPy", async () => {
  const { logits, labels, bins } = golden;
  const tiny = await tinyDataset({ classes: 4 });
  const dataset = { ...tiny, test: { images: new Uint8Array(labels.length * 64), labels: Int32Array.from(labels) } };
  const network: TrainedNetwork = {
    spec: { name: "made", options: {} },
    outputs: "logits",
    predict: async () => new Tensor(Float32Array.from(logits.flat()), [labels.length, 4], "float32"),
  };
  const specs = readingsOf([`adaptive-calibration:bins=${bins}`, `temperature:bins=${bins}`].map(parseReading));
  const found = await read(specs, network, dataset, randomKey(0));
  const own = (reading: string, value = "") => found[`${reading}:bins=${bins}${value}`]!;
  expect(own("adaptive-calibration")).toBeCloseTo(golden.adaptive, 10);
  expect(own("adaptive-calibration", ".maximum")).toBeCloseTo(golden.maximum, 10);
  expect(own("adaptive-calibration", ".classwise")).toBeCloseTo(golden.classwise, 10);
  expect(own("temperature")).toBeCloseTo(golden.temperature, 5);
  expect(own("temperature", ".calibration")).toBeCloseTo(golden.calibration, 6);
  expect(own("temperature", ".nll")).toBeCloseTo(golden.nll, 9);
});

/** A network that tells the classes of {@link tinyDataset} by the brightest of their rows, as its own reader would. */
const byRows = (side: number, classes: number): TrainedNetwork => ({
  spec: { name: "made", options: {} },
  outputs: "logits",
  async predict({ data, shape }) {
    const out = new Float32Array(shape[0]! * classes);
    for (let i = 0; i < shape[0]!; i++)
      for (let c = 0; c < classes; c++) {
        const row = (2 * c + 1) % side;
        for (let x = 0; x < side; x++) out[i * classes + c]! += data[i * side * side + row * side + x]!;
      }
    return new Tensor(out, [shape[0]!, classes], "float32");
  },
});

test("accuracy on spoiled images: the same for the same images, types by name, less where more is spoiled", async () => {
  const dataset = await tinyDataset({ perClass: 60 });
  const network = byRows(8, 3);
  const asked = readingsOf(
    ["corruption", "corruption:severities=1+5,types=gaussian-noise+contrast,images=20"].map(parseReading),
  );
  const values = await read(asked, network, dataset, randomKey(0));
  expect(Object.keys(values)).toEqual(namesOfValues(asked, dataset));
  expect(values["corruption.clean"]).toBe(1);
  const each = corruptions.map(({ name }) => values[`corruption.${name}`]!);
  expect(values.corruption).toBeCloseTo(each.reduce((a, b) => a + b) / each.length, 12);
  expect(values["corruption.drop"]).toBeCloseTo(1 - values.corruption!, 12);
  // Rows that are turned lie elsewhere; what only darkens or brightens tells as much as before.
  expect(values["corruption.contrast"]).toBe(1);
  expect(values["corruption.brightness"]).toBe(1);
  expect(values["corruption.rotate"]).toBeLessThan(1);
  expect(values.corruption).toBeLessThan(1);
  expect(values.corruption).toBeGreaterThan(0.5);
  // Draws are of the images: another network's key changes nothing.
  expect(await read(asked, network, dataset, randomKey(1))).toEqual(values);
  const few = "corruption:severities=1+5,types=gaussian-noise+contrast,images=20";
  expect(Object.keys(values).filter((name) => name.startsWith(few))).toEqual([
    few,
    `${few}.clean`,
    `${few}.drop`,
    `${few}.gaussian-noise`,
    `${few}.contrast`,
  ]);
});

test.each([
  ["corruption:types=fogg", "invalid-option"],
  ["corruption:severities=6", "invalid-option"],
  ["corruption:severities=1+", "invalid-option"],
])("%s is refused", (text, code) => {
  expect(() => parseReading(text)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
});

test("samples that are no pictures are refused before anything is trained", async () => {
  const dataset = await tinyDataset();
  const rows = { ...dataset, shape: [64, 1, 1] as const };
  expect(() => namesOfValues([parseReading("corruption")], rows)).toThrow(
    expect.objectContaining({ code: "bad-combination", exitCode: 2 }),
  );
});

test("multiply-adds of a training: a perceptron's, by hand", async () => {
  const dataset = await tinyDataset();
  const learner = finiteLearner(buildNetwork(parseNetwork("mlp:width=16"), dataset.shape, 3));
  const set = await coresetAsSet(dataset, "random", 2, 0);
  const images = new Tensor(set.images, [6, ...set.shape], "float32");
  const network = await learner.train({ images, labels: set.labels }, { ...fieldRecipe, epochs: 3 }, randomKey(0), {});
  const values = await read(readingsOf([parseReading("training-multiply-adds")]), network, dataset, randomKey(0));
  const forward = 64 * 16 + 16 * 16 + 16 * 3;
  expect(values["training-multiply-adds.image"]).toBe(forward);
  // Forward, the gradients of all weights, and those of all inputs but the images; four passes by the step schedule.
  expect(values["training-multiply-adds"]).toBe((3 * forward - 64 * 16) * 6 * 4);
  learner.dispose();
});

test("they are scores as accuracy is: in the result, kept and not trained again", async () => {
  const dataset = await tinyDataset();
  const set = await coresetAsSet(dataset, "random", 2, 0);
  const kept = new Map<string, { values: Readonly<Record<string, number>>; seconds: number }>();
  let stored = 0;
  const options = {
    networks: [parseNetwork("mlp:width=8")],
    readings: ["corruption:types=fog,images=5", "temperature", "adaptive-calibration", "training-multiply-adds"].map(
      parseReading,
    ),
    repeats: 2,
    epochs: 3,
    baselines: [],
    scores: {
      get: (key: string) => kept.get(key),
      set: async (key: string, score: { values: Readonly<Record<string, number>>; seconds: number }) => {
        stored++;
        kept.set(key, score);
      },
    },
  };
  const first = await evaluate(set, dataset, options);
  expect(Object.keys(first.results[0]!.readings!)).toContain("corruption:types=fog,images=5.drop");
  expect(await evaluate(set, dataset, options)).toEqual(first);
  expect(stored).toBe(2);
});
