import { expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../../data/reader.ts";
import { randomKey } from "../../engine/index.ts";
import type { TrainingAttack } from "../../hypotheses/index.ts";
import { buildNetwork, fieldRecipe, mlp, train, trainingSetOf } from "../../hypotheses/index.ts";
import { coresetAsSet, evaluate } from "../index.ts";
import type { Score, ScoreStore } from "../scores.ts";
import { attackPoints } from "./attackPoints.ts";
import { namesOfValues, parseReading, read, readingsOf, type TrainedNetwork } from "./index.ts";

async function trained(dataset: Awaited<ReturnType<typeof tinyDataset>>): Promise<TrainedNetwork> {
  const network = buildNetwork(mlp({ width: 16, depth: 1 }), dataset.shape, dataset.classes.length);
  const set = trainingSetOf(await readerOf(dataset).batch("a test", {}));
  const { params } = await train(network, set, { ...fieldRecipe, epochs: 20 }, randomKey(0));
  return {
    spec: network.spec,
    outputs: "logits",
    weights: { network, params },
    predict: async () => {
      throw new Error("attacks take the weights");
    },
  };
}

test("accuracy under attack: less at a larger radius, by more attacks, nothing at a radius of 1; the same again", async () => {
  const dataset = await tinyDataset({ classes: 4, perClass: 12 });
  const network = await trained(dataset);
  const texts = [
    "fgsm:linf,0.05",
    "pgd:linf,0.01,steps=5",
    "pgd:linf,0.05,steps=5",
    "pgd:linf,1,steps=5",
    "fgsm+pgd+square:linf,0.05,pgd.steps=5,square.queries=10",
    "autoattack:linf,0.02,apgd-ce.steps=3,apgd-t.steps=3,fab-t.steps=3,square.queries=5",
  ];
  const specs = readingsOf(texts.map(parseReading)).filter(({ name }) => name !== "accuracy");
  const taken = () => read(specs, network, dataset, randomKey(1));
  const values = await taken();
  expect(Object.keys(values)).toEqual(namesOfValues(specs, dataset));
  const of = (name: string) => values[name]!;
  expect(of("pgd:linf,0.01,steps=5.clean")).toBeGreaterThan(0.9);
  expect(of("pgd:linf,0.05,steps=5")).toBeLessThan(of("pgd:linf,0.01,steps=5"));
  expect(of("pgd:linf,0.05,steps=5")).toBeLessThanOrEqual(of("fgsm:linf,0.05"));
  expect(of("pgd:linf,1,steps=5")).toBe(0);
  const worst = texts[4]!;
  for (const one of ["fgsm", "pgd", "square"]) expect(of(worst)).toBeLessThanOrEqual(of(`${worst}.${one}`));
  expect(of(`${worst}.zero-gradients`)).toBe(0);
  const standard = texts[5]!;
  const inTurn = ["apgd-ce", "apgd-t", "fab-t", "square"].map((one) => of(`${standard}.${one}`));
  expect(inTurn).toEqual([...inTurn].sort((a, b) => b - a));
  expect(of(standard)).toBe(inTurn[3]);
  expect(await taken()).toEqual(values);
});

test("a network whose outputs do not move has gradients of zero, which are told", async () => {
  const dataset = await tinyDataset();
  const network = await trained(dataset);
  const still = (params: NonNullable<TrainedNetwork["weights"]>["params"]) =>
    Object.fromEntries(
      Object.entries(params).map(([layer, own]) => [
        layer,
        Object.fromEntries(
          Object.entries(own).map(([name, t]) => [name, t.map((_, i) => (name === "bias" && i === 0 ? 1 : 0))]),
        ),
      ]),
    );
  const weights = { ...network.weights!, params: still(network.weights!.params) };
  const values = await read([parseReading("pgd:linf,0.1")], { ...network, weights }, dataset, randomKey(0));
  // All are taken for the first of three classes.
  expect(values["pgd:linf,0.1"]).toBeCloseTo(1 / 3, 6);
  expect(values["pgd:linf,0.1.zero-gradients"]).toBeCloseTo(1 / 3, 6);
});

test("too few classes for an attack are refused before a network is trained", async () => {
  const dataset = await tinyDataset({ classes: 3 });
  expect(() => namesOfValues([parseReading("autoattack:linf,0.1")], dataset)).toThrow(/apgd-t needs 4 classes/);
});

test("attacked images: the same of any two calls, in pixels from black to white, by their number", async () => {
  const dataset = await tinyDataset({ perClass: 20 });
  const some = attackPoints(dataset, 7);
  expect(some.labels.length).toBe(7);
  expect(attackPoints(dataset, 7)).toEqual(some);
  const all = attackPoints(dataset, 1000);
  expect(all.labels).toEqual(dataset.test.labels);
  for (const [i, id] of Array.from(some.ids).entries()) {
    expect(some.labels[i]).toBe(dataset.test.labels[id]);
    expect(some.images.subarray(64 * i, 64 * i + 64)).toEqual(all.images.subarray(64 * id, 64 * id + 64));
  }
  expect(all.images[0]).toBeCloseTo(dataset.test.images[0]! / 255, 12);
  const signed = {
    ...dataset,
    normalisation: { ...dataset.normalisation, scale: 1, range: { low: [-100], high: [155] } },
  };
  expect(attackPoints(signed, 1000).images[0]).toBeCloseTo((dataset.test.images[0]! + 100) / 255, 12);
});

test("networks that are trained adversarially withstand more, under a protocol of another hash and scores of their own", async () => {
  const dataset = await tinyDataset({ classes: 3, perClass: 30 });
  const set = { ...(await coresetAsSet(dataset, "random", 10, 0)), method: "made" };
  const kept = new Map<string, Score>();
  const scores: ScoreStore = { get: (key) => kept.get(key), set: async (key, score) => void kept.set(key, score) };
  const under = async (adversary?: TrainingAttack) => {
    const { protocol, results } = await evaluate(set, dataset, {
      networks: [mlp({ width: 16, depth: 1 })],
      repeats: 1,
      epochs: 150,
      augmentation: "none",
      baselines: [],
      readings: [parseReading("pgd:linf,0.2,steps=5")],
      scores,
      ...(adversary && { adversary }),
    });
    return { protocol, robust: results[0]!.readings!["pgd:linf,0.2,steps=5"]!.mean };
  };
  const plain = await under();
  const hardened = await under({ norm: "linf", radius: 0.2, steps: 3, step: 0.5 });
  expect(hardened.robust).toBeGreaterThan(plain.robust + 0.1);
  expect(hardened.protocol.hash).not.toBe(plain.protocol.hash);
  expect("adversary" in plain.protocol.recipe).toBe(false);
  expect(kept.size).toBe(2);
});
