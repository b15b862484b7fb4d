import { beforeAll, describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { imageDomain } from "../data/domain.ts";
import type { CondensedSet, Dataset } from "../data/index.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { accuracy, mlp, parseNetwork } from "../hypotheses/index.ts";
import {
  coresetAsSet,
  type EvaluateOptions,
  evaluate,
  parseReading,
  protocolFor,
  type TrainedNetwork,
} from "./index.ts";
import type { Score } from "./scores.ts";

let dataset: Dataset;
let set: CondensedSet;
beforeAll(async () => {
  dataset = await tinyDataset({ perClass: 20 });
  set = { ...(await coresetAsSet(dataset, "random", 2, 0)), method: "made" };
});

const brief: EvaluateOptions = {
  networks: [mlp({ width: 8, depth: 1 })],
  repeats: 2,
  epochs: 4,
  augmentation: "none",
  baselines: [],
};
const runsOf = async (options: EvaluateOptions) =>
  (await evaluate(set, dataset, { ...brief, ...options })).results[0]!.accuracy!.runs;

/** A store in memory, that counts what is written. */
function memory() {
  const kept = new Map<string, Score>();
  return {
    kept,
    written: 0,
    get: (key: string) => kept.get(key),
    async set(key: string, score: Score) {
      this.written++;
      kept.set(key, score);
    },
  };
}

describe("the protocol", () => {
  test("has the field's values, and the hash that results have always had", async () => {
    const asked = { augmentation: "color_crop_cutout_scale_rotate", epochs: 300, repeats: 3 };
    const protocol = await protocolFor({ domain: imageDomain([1, 28, 28]) }, asked);
    expect(protocol.recipe).toMatchObject({ optimizer: "sgd", learningRate: 0.01, batch: 256, schedule: "step" });
    expect(protocol.hash).toBe("d9eee6a3ecbf7c3ceb3b5270287c2e9871bb5e9b88e9a4facdcf5d092f12c40d");
    expect(
      await protocolFor({ domain: imageDomain([1, 28, 28]) }, { ...asked, readings: [parseReading("accuracy")] }),
    ).toEqual(protocol);
  });

  test("takes 1000 epochs with augmentation, 300 without, 5 repeats", async () => {
    const augmented = await protocolFor(dataset, { augmentation: "crop" });
    expect([augmented.recipe.epochs, augmented.repeats, augmented.score]).toEqual([1000, 5, "last epoch"]);
    expect((await protocolFor(dataset, { augmentation: "none" })).recipe.epochs).toBe(300);
  });

  test("names its readings with every option, and its hash covers them", async () => {
    const hashOf = async (...texts: string[]) =>
      (await protocolFor(dataset, { readings: texts.map(parseReading) })).hash;
    const { readings } = await protocolFor(dataset, { readings: [parseReading("calibration")] });
    expect(readings).toEqual([
      { name: "accuracy", options: {} },
      { name: "calibration", options: { bins: 15 } },
    ]);
    const hashes = await Promise.all([
      hashOf(),
      hashOf("loss"),
      hashOf("calibration"),
      hashOf("calibration:bins=3"),
      hashOf("loss", "calibration"),
    ]);
    expect(new Set(hashes).size).toBe(5);
    expect(await hashOf("calibration:bins=15", "loss")).toBe(hashes[4]);
  });

  test.each([{ epochs: 0 }, { repeats: 1.5 }, { seed: -1 }])("%o is refused", async (wrong) => {
    await expect(evaluate(set, dataset, { ...brief, ...wrong })).rejects.toMatchObject({ code: "bad-option" });
  });
});

test("the network after the last epoch is scored, on the whole test split", async () => {
  const seen: number[] = [];
  const trained: TrainedNetwork[] = [];
  const { results } = await evaluate(set, dataset, {
    ...brief,
    repeats: 1,
    onProgress: ({ epoch, epochs }) => {
      seen.push(epoch);
      expect(epochs).toBe(4);
    },
    onTrained: (network) => {
      // Handed out when training has gone through every epoch.
      expect(seen.at(-1)).toBe(4);
      trained.push(network);
    },
  });
  const { network, params } = trained[0]!.weights!;
  const images = await normaliseBatch({ ...dataset, normalisation: set.normalisation }, "test");
  const { labels } = dataset.test;
  expect(results[0]!.accuracy).toEqual({ mean: expect.any(Number), std: 0, runs: [expect.any(Number)] });
  expect(results[0]!.accuracy!.mean).toBe(await accuracy(network, { params }, [{ images, labels }]));
  expect((await trained[0]!.predict(images)).shape).toEqual([labels.length, 3]);
});

test("repeats are other networks, the same for the same seed, others for another; the spread is the sample's", async () => {
  const once = await evaluate(set, dataset, { ...brief, repeats: 3, readings: [parseReading("loss")] });
  const [a, b, c] = once.results[0]!.readings!.loss!.runs as [number, number, number];
  expect(new Set([a, b, c]).size).toBe(3);
  const { mean, std } = once.results[0]!.readings!.loss!;
  expect(mean).toBeCloseTo((a + b + c) / 3, 12);
  expect(std).toBeCloseTo(Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2), 12);
  const again = async (seed: number) =>
    (await evaluate(set, dataset, { ...brief, seed, readings: [parseReading("loss")] })).results[0]!.readings!.loss!
      .runs;
  expect(await again(0)).toEqual([a, b]);
  expect(await again(1)).not.toEqual([a, b]);
});

describe("baselines", () => {
  test("are random and herding, under the set's own protocol", async () => {
    const { baselines, protocol } = await evaluate(set, dataset, { ...brief, repeats: 1, baselines: undefined });
    expect(Object.keys(baselines)).toEqual(["random", "herding"]);
    expect(baselines.random!.protocol).toBeUndefined();
    expect(protocol.recipe.epochs).toBe(4);
  });

  test("full takes 20 epochs where the set takes its own number, and says so; what it names is not its own baseline", async () => {
    const options = { ...brief, repeats: 1, epochs: undefined, baselines: ["full", "herding"] };
    const found = await evaluate({ ...set, method: "herding" }, dataset, options);
    expect(Object.keys(found.baselines)).toEqual(["full"]);
    expect(found.protocol.recipe.epochs).toBe(300);
    expect(found.baselines.full!.protocol!.recipe.epochs).toBe(20);
    const full = await evaluate(await coresetAsSet(dataset, "full", 1, 0), dataset, {
      ...options,
      baselines: undefined,
    });
    expect([full.protocol.recipe.epochs, full.baselines]).toEqual([20, {}]);
  });

  test("a learned rate is the set's alone", async () => {
    const options = { ...brief, repeats: 1, baselines: ["herding"] };
    const found = await evaluate({ ...set, learningRate: 0.002 }, dataset, options);
    expect(found.protocol.recipe.learningRate).toBe(0.002);
    expect(found.baselines.herding!.protocol!.recipe.learningRate).toBe(0.01);
  });

  test("a rule that there is not is refused before anything is trained", async () => {
    const onTrained = () => expect.unreachable();
    await expect(evaluate(set, dataset, { ...brief, baselines: ["nothing"], onTrained })).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});

describe("refusals", () => {
  test("a dataset without a test split", async () => {
    const empty = { images: new Uint8Array(0), labels: new Int32Array(0) };
    await expect(evaluate(set, { ...dataset, test: empty }, brief)).rejects.toMatchObject({ code: "no-test-split" });
  });

  test("other classes, other shapes, labels out of range", async () => {
    const others = [
      { classes: ["a", "b", "c"] },
      { shape: [1, 4, 16] as const },
      { labels: Int32Array.from(set.labels, () => 3) },
    ];
    for (const other of others)
      await expect(evaluate({ ...set, ...other }, dataset, brief)).rejects.toMatchObject({ code: "set-does-not-fit" });
  });

  test("probabilities of a network that has none", async () => {
    const readings = [parseReading("worst-class"), parseReading("loss")];
    const infinite = { ...brief, networks: [parseNetwork("ntk")], readings };
    await expect(evaluate(set, dataset, infinite)).rejects.toMatchObject({
      code: "bad-combination",
      message: "loss reads probabilities of classes, and ntk has none: it is a regression on labels as values",
      hint: "--readings accuracy,worst-class",
    });
    const regression = { ...set, loss: "squared-error" as const };
    await expect(evaluate(regression, dataset, { ...brief, readings })).rejects.toThrow(/squared error/);
  });
});

describe("readings", () => {
  test("are left out where accuracy is all, and stand beside it otherwise", async () => {
    const plain = await evaluate(set, dataset, brief);
    expect(Object.keys(plain.results[0]!)).toEqual(["net", "accuracy", "seconds"]);
    const readings = ["worst-class", "calibration:bins=5"].map(parseReading);
    const more = await evaluate(set, dataset, { ...brief, readings });
    expect(more.results[0]!.accuracy).toEqual(plain.results[0]!.accuracy);
    const values = more.results[0]!.readings!;
    expect(Object.keys(values)).toEqual([
      "worst-class",
      ...[0, 1, 2].map((c) => `worst-class.class-${c}`),
      "calibration:bins=5",
      "calibration:bins=5.brier",
      "calibration:bins=5.nll",
    ]);
    // Classes have equally many test images: accuracy is the mean over classes.
    const classes = [0, 1, 2].map((c) => values[`worst-class.class-${c}`]!.mean);
    expect(classes.reduce((a, b) => a + b, 0) / 3).toBeCloseTo(more.results[0]!.accuracy!.mean, 12);
  });

  test("of an infinitely wide network are those that its values have", async () => {
    const options = { ...brief, networks: [parseNetwork("nngp")], readings: [parseReading("worst-class")] };
    const trained: TrainedNetwork[] = [];
    const { results } = await evaluate(set, dataset, { ...options, onTrained: (network) => trained.push(network) });
    expect(results[0]!.readings!["worst-class"]!.runs).toHaveLength(1);
    expect(trained.map(({ outputs, weights }) => [outputs, weights])).toEqual([["values", undefined]]);
  });
});

describe("kept scores", () => {
  test("an interrupted evaluation goes on where it was", async () => {
    const whole = await runsOf({ repeats: 3 });
    const scores = memory();
    const stop = new AbortController();
    const onProgress = ({ repeat }: { repeat: number }) => repeat === 1 && stop.abort();
    await expect(
      evaluate(set, dataset, { ...brief, repeats: 3, scores, signal: stop.signal, onProgress }),
    ).rejects.toMatchObject({ code: "interrupted", exitCode: 4 });
    expect(scores.written).toBe(1);
    expect(await runsOf({ repeats: 3, scores })).toEqual(whole);
    expect(scores.written).toBe(3);
    expect(await runsOf({ repeats: 3, scores })).toEqual(whole);
    expect(scores.written).toBe(3);
  });

  test("more readings train again and keep all values; fewer find them", async () => {
    const scores = memory();
    await runsOf({ scores });
    await runsOf({ scores, readings: [parseReading("loss")] });
    expect(scores.written).toBe(4);
    await runsOf({ scores, readings: [parseReading("worst-class")] });
    expect(scores.written).toBe(6);
    await runsOf({ scores, readings: [parseReading("loss"), parseReading("worst-class")] });
    expect(scores.written).toBe(6);
    await runsOf({ scores });
    expect(scores.written).toBe(6);
  });

  test.each([2, Number.NaN, -1])("an accuracy of %d is none: the network is trained again", async (value) => {
    const scores = memory();
    const right = await runsOf({ scores });
    for (const [key, score] of scores.kept) scores.kept.set(key, { ...score, values: { accuracy: value } });
    expect(await runsOf({ scores })).toEqual(right);
  });

  test("networks of kept scores are handed out only if they are asked for", async () => {
    const scores = memory();
    const seen: unknown[] = [];
    const onTrained: EvaluateOptions["onTrained"] = (_network, where) => seen.push(where);
    await runsOf({ scores, onTrained });
    expect(seen).toEqual([0, 1].map((repeat) => ({ subject: "made", net: "mlp:depth=1,width=8", repeat })));
    await runsOf({ scores, onTrained });
    expect(seen).toHaveLength(2);
    await runsOf({ scores, onTrained, trainKept: true });
    expect(seen).toHaveLength(4);
  });

  test("onTrained is awaited, and its error ends the evaluation", async () => {
    const scores = memory();
    const onTrained = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      throw new Error("the disk is full");
    };
    await expect(evaluate(set, dataset, { ...brief, scores, onTrained })).rejects.toThrow("the disk is full");
    expect(scores.written).toBe(0);
  });
});
