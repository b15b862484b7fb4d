import { describe, expect, test } from "vitest";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { infoOf } from "../data/datasetInfo.ts";
import { tableDomain } from "../data/domain.ts";
import { makeDataset } from "../data/makeDataset.ts";
import { readerOf } from "../data/reader.ts";
import { originalValues, targetOfValues } from "../data/valuesTarget.ts";
import { AttarError, randomKey, Tensor } from "../engine/index.ts";
import { evaluate, parseReading } from "../evaluate/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { isCoreset, type Method, methodNamed, methods } from "../methods/index.ts";
import { condense, resolveConfiguration } from "./index.ts";
import { Loop } from "./loop.ts";

/** Rows of four features and a smooth function of them, with a little noise; `numbers` of its value and of a sum of features. */
function table(numbers: 1 | 2 = 1): Promise<Dataset> {
  const part = (n: number, seed: number) => {
    const x = randomKey(seed).normal(n * 4);
    const noise = randomKey(seed + 100).normal(n);
    const y = Array.from({ length: n }, (_, i) => {
      const [a, b, c] = [x[i * 4]!, x[i * 4 + 1]!, x[i * 4 + 2]!];
      const value = 40 + 10 * Math.tanh(a) + 5 * b * Math.abs(c) + 0.2 * noise[i]!;
      return numbers === 1 ? [value] : [value, a - b];
    }).flat();
    return { images: x, y };
  };
  const [train, held] = [part(160, 1), part(80, 2)];
  const names = ["price", "gap"].slice(0, numbers);
  const made = targetOfValues({ names, train: train.y, test: held.y, bins: 4 }, "made in the test");
  return makeDataset({
    name: "prices",
    domain: tableDomain(4),
    shape: [4, 1, 1],
    classes: made.classes,
    target: made.target,
    train: { images: train.images, ...made.train },
    test: { images: held.images, ...made.test! },
    scale: 1,
    source: "made in the test",
  });
}

const dataset = await table();
const small = parseNetwork("mlp:width=16");

async function condensed(method: Method, steps: number, more: object = {}, data = dataset): Promise<CondensedSet> {
  const options = { ipc: 2, ...(!isCoreset(method) && { steps, realBatch: 16 }), ...more };
  for await (const event of condense(data, method, options)) if (event.event === "done") return event.set;
  throw new Error("the run has no end");
}

/** The same numbers to predict, of pictures of 4x4: the features in the first row, the rest noise. */
function picturesOf({ name, classes, target, train, test: held }: Dataset): Promise<Dataset> {
  const drawn = (split: Dataset["train"]) => {
    const images = randomKey(9).normal(split.labels.length * 16);
    for (let i = 0; i < split.labels.length; i++) images.set(split.images.subarray(i * 4, i * 4 + 4), i * 16);
    return { ...split, images };
  };
  const splits = { train: drawn(train), test: drawn(held) };
  return makeDataset({ name, shape: [1, 4, 4], classes, target, ...splits, scale: 1, source: "made in the test" });
}

/** Methods that need classes, or images, and what their refusal says. */
const refused: Readonly<Record<string, RegExp>> = {
  cafe: /serves classes, and numbers are predicted here: it waits for accuracies/,
  nsd: /data space spectral serves images/,
  cep: /multi-formation|serves images/,
  idc: /multi-formation/,
  dream: /multi-formation/,
  "dream-plus": /multi-formation/,
  m3d: /multi-formation/,
  lcmat: /trick loss-curvature.*curvature of the cross-entropy/,
  esp: /trick subspace-projection.*gradient of the cross-entropy/,
  teddy: /trick classification.*it classifies/,
  wmdd: /trick classification.*it classifies/,
  idm: /multi-formation|it classifies/,
  guard: /trick classification.*it classifies/,
  robdc: /trick adversarial.*loss of a class/,
  "adv-kip": /trick adversarial.*loss of a class/,
  ...Object.fromEntries(
    ["it-gan", "it-gan-gradient", "glad", "glad-dc", "glad-mtt", "dim", "dcgm"].map((name) => [
      name,
      /no images of two rows or more/,
    ]),
  ),
  ld3m: /no pixels between black and white/,
  minimax: /no pixels between black and white/,
  haba: /data space hallucinated serves images/,
  d4m: /a teacher labels by classes/,
};

const quick: Readonly<Record<string, Readonly<Record<string, number | boolean>>>> = {
  bptt: { "solver.steps": 4 },
  "rat-bptt": { "solver.steps": 6, "solver.window": 2 },
  mtt: {
    "hypotheses.networks": 1,
    "hypotheses.expertEpochs": 3,
    "hypotheses.latest": 1,
    "hypotheses.images": 64,
    "solver.steps": 3,
  },
  dc: { "hypotheses.every": 2 },
  rfad: { "solver.networks": 2 },
  rcig: { "solver.iterations": 8, "solver.inverse": 8 },
};

describe("every method on a table with a number to predict", () => {
  test.each(methods.map((method) => [method.name, method] as const))("%s", (name, method) => {
    const resolve = () => resolveConfiguration(infoOf(dataset), method, { ipc: 2 });
    const reason = refused[name];
    if (reason)
      return void expect(resolve).toThrow(
        expect.objectContaining({ exitCode: 2, message: expect.stringMatching(reason) }),
      );
    expect(resolve()).toEqual(resolveConfiguration(dataset, method, { ipc: 2 }));
  });

  const moved = ["dm", "dc", "bptt", "rat-bptt", "mtt", "kip", "rfad", "frepo", "rcig"];
  test.each([...moved, "random", "herding", "kmeans", "mfc"])("%s condenses it", async (name) => {
    const method = methodNamed(name);
    const set = await condensed(method, 2, {
      network: isCoreset(method) ? undefined : small,
      settings: quick[name] ?? {},
    });
    expect(set.target).toEqual(dataset.target);
    expect([set.images.length, set.values!.length, set.labels.length]).toEqual([8 * 4, 8, 8]);
    expect([...set.labels]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(set.softLabels).toBeUndefined();
    expect([...set.images, ...set.values!].every(Number.isFinite)).toBe(true);
  });
});

describe("the gradient of a step is the slope of its loss, in the samples and in their numbers", () => {
  test.each(["dc", "kip", "bptt"])("%s", async (name) => {
    const method = methodNamed(name);
    const network = parseNetwork("convnet:depth=1,width=4,pooling=none,activation=swish,normalisation=none");
    const images = await picturesOf(dataset);
    const settings = { ...quick[name], "labels.learned": name !== "dc" };
    const loop = new Loop(
      readerOf(images),
      resolveConfiguration(images, method, { ipc: 2, steps: 9, realBatch: 8, network, settings }),
    );
    const start = await loop.start();
    const { variables } = start.slots;
    const at = (own: typeof variables) => loop.lossAt({ ...start, slots: { ...start.slots, variables: own } });
    const { gradient } = await at(variables);
    for (const variable of ["images", "labels"]) {
      const t = variables[variable]!;
      const g = gradient[variable]!.data;
      const along = randomKey(5)
        .normal(t.data.length)
        .map((v, i) => Math.abs(v) * Math.sign(g[i]!));
      const moved = (by: number) => ({
        ...variables,
        [variable]: new Tensor(
          (t.data as Float32Array).map((v, i) => v + by * along[i]!),
          t.shape,
          "float32",
        ),
      });
      const h = 3e-3;
      const slope = ((await at(moved(h))).loss - (await at(moved(-h))).loss) / (2 * h);
      const wanted = along.reduce((sum, v, i) => sum + v * g[i]!, 0);
      expect(wanted, variable).toBeGreaterThan(0);
      expect(Math.abs(wanted / slope - 1), variable).toBeLessThan(5e-3);
    }
    loop.dispose();
  });
});

test("labels start at the numbers of the real samples that S starts from, and stay where they are not learned", async () => {
  const { values, images } = await condensed(methodNamed("dm"), 1, {
    imageLearningRate: 0,
    initialisation: "random",
    network: small,
  });
  const mean = dataset.normalisation.mean;
  const std = dataset.normalisation.std;
  for (let m = 0; m < 8; m++) {
    const row = Array.from({ length: dataset.train.labels.length }, (_, i) => i).find((i) =>
      [0, 1, 2, 3].every(
        (f) => Math.abs((dataset.train.images[i * 4 + f]! - mean[f]!) / std[f]! - images[m * 4 + f]!) < 1e-5,
      ),
    )!;
    expect(values![m]).toBe(dataset.train.values![row]);
  }
  const kept = await condensed(methodNamed("kip"), 3, { settings: { "labels.learned": false } });
  const learned = await condensed(methodNamed("kip"), 3, {});
  expect([...kept.values!]).not.toEqual([...learned.values!]);
});

test("KIP explains more of the test split than a random subset, by the regression it is made for", async () => {
  const set = await condensed(methodNamed("kip"), 150, { realBatch: 40 });
  const result = await evaluate(set, dataset, { networks: [parseNetwork("ntk")], repeats: 3, baselines: ["random"] });
  const [own, random] = [result.results, result.baselines.random!.results].map(([first]) => first!);
  expect(own!.accuracy).toBeUndefined();
  expect(Object.keys(own!.readings!)).toEqual(["r2", "rmse"]);
  expect(own!.readings!.r2!.mean).toBeGreaterThan(0.6);
  expect(own!.readings!.r2!.mean).toBeGreaterThan(random!.readings!.r2!.mean + 0.1);
  // R² by the numbers themselves: 1 - RMSE² / variance of the test split.
  const held = originalValues(dataset.test.values!, dataset.target!);
  const mean = held.reduce((a, b) => a + b, 0) / held.length;
  const variance = held.reduce((sum, v) => sum + (v - mean) ** 2, 0) / held.length;
  expect(own!.readings!.r2!.mean).toBeCloseTo(1 - own!.readings!.rmse!.mean ** 2 / variance, 5);
});

test("several numbers are predicted at once, each with an error of its own", async () => {
  const two = await table(2);
  const set = await condensed(methodNamed("kip"), 3, {}, two);
  expect(set.values!.length).toBe(16);
  const { results } = await evaluate(set, two, { networks: [small], repeats: 1, epochs: 20, baselines: [] });
  expect(Object.keys(results[0]!.readings!)).toEqual(["r2", "rmse", "rmse.price", "rmse.gap"]);
});

test("what needs classes is refused with its reason", async () => {
  const set = await condensed(methodNamed("random"), 0);
  const read = (readings: string[]) =>
    evaluate(set, dataset, { networks: [small], readings: readings.map(parseReading) });
  await expect(read(["worst-class"])).rejects.toThrow(
    expect.objectContaining({
      code: "bad-combination",
      hint: "--readings r2,rmse",
      message: expect.stringMatching(/worst-class.*numbers are predicted \(price\)/),
    }),
  );
  const code = (settings: object) => {
    try {
      resolveConfiguration(dataset, methodNamed("dm"), { ipc: 1, ...settings });
      return "";
    } catch (error) {
      return error instanceof AttarError ? error.message : String(error);
    }
  };
  expect(code({ settings: { "tricks.classification": 1 } })).toMatch(/classification.*it classifies, and numbers/);
  expect(code({ augmentation: "siamese" })).toMatch(/made for images/);
});
