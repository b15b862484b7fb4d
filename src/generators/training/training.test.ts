import { numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { loadDigits } from "../../data/digits.ts";
import { readerOf } from "../../data/reader.ts";
import { randomKey, tensor } from "../../engine/index.ts";
import { sgd } from "../../hypotheses/index.ts";
import type { Generator } from "../generator.ts";
import { generatorGround, makeGenerator, trainGenerator } from "../index.ts";
import { averaged } from "./average.ts";
import { planned } from "./plan.ts";
import type { GeneratorProgress } from "./state.ts";
import type { OwnTraining, StagedTraining, StageStart } from "./training.ts";

const key = randomKey(5);
const samples = {
  images: tensor(randomKey(1).normal(40 * 3), [40, 1, 1, 3]),
  labels: Int32Array.from({ length: 40 }, (_, i) => i % 2),
};
const recipe = { steps: 30, batch: 8, learningRate: 0.1 };

/** A loss whose minimum is the mean image. */
const toMean = (layer: string, average?: number): OwnTraining => ({
  draws: () => ({}),
  loss(params, { images, labels }) {
    labels.dispose();
    params.scale?.value?.dispose();
    const gap = images.reshape([-1, 3]).sub(params[layer]!.mean!);
    return [np.mean(np.square(gap)), {}];
  },
  optimizer: sgd(),
  schedule: "constant",
  ...(average !== undefined && { average }),
});

const shapes = { first: { mean: { shape: [3] } }, scale: { value: { shape: [1] } }, second: { mean: { shape: [3] } } };

/** A generator of two stages: means of images, then of images that a preparation has scaled by what the first stage found. */
function twoStages(seen: StageStart[]): Generator {
  const training: StagedTraining = {
    stages: [
      { name: "first", share: 1, trains: ["first"], reads: [], training: toMean("first", 0.5) },
      {
        name: "second",
        share: 2,
        trains: ["second"],
        reads: ["scale"],
        async prepare(start) {
          seen.push(start);
          const by = 1 + start.params.first!.mean!.data[0]!;
          const params = { scale: { value: tensor([by]) } };
          return { params, samples: { ...start.samples, images: start.samples.images.scale(by) } };
        },
        training: toMean("second"),
      },
    ],
  };
  return {
    ...makeGenerator({ name: "identity", options: {} }, { ...generatorGround(facts), classes: 2 }),
    shapes,
    init: () => ({
      first: { mean: tensor([1, 2, 3]) },
      scale: { value: tensor([1]) },
      second: { mean: tensor([4, 5, 6]) },
    }),
    training,
  };
}

const { test: _held, train: _train, ...facts } = await loadDigits();

describe("a training in stages", () => {
  test("moves the layers of its stage alone, and a preparation sees what the stage before came to", async () => {
    const seen: StageStart[] = [];
    const kept: GeneratorProgress[] = [];
    const params = await trainGenerator(twoStages(seen), samples, recipe, key, {
      every: 5,
      keep: (now) => void kept.push(now),
    });
    const [before, within, end, after] = [kept[0]!, kept[2]!, kept[1]!, kept[3]!];
    expect(kept.map(({ step }) => step)).toEqual([5, 10, 15, 20, 25]);
    expect(before.state.params.second!.mean!.data).toEqual(Float32Array.of(4, 5, 6));
    expect(before.state.params.first).not.toEqual(end.state.params.first);
    // The running mean stands for what the first stage found, and the second holds it fixed.
    expect(within.state.params.first).toEqual(end.state.averaged!.first);
    expect(end.state.averaged!.first).not.toEqual(end.state.params.first);
    expect(after.state.params.first).toEqual(within.state.params.first);
    expect(params.first).toEqual(within.state.params.first);
    expect(params.scale!.value!.data[0]).toBeCloseTo(1 + params.first!.mean!.data[0]!, 6);
    expect(seen).toHaveLength(1);
    expect(seen[0]!.params.first).toEqual(params.first);
    expect(params.second!.mean!.data[0]).not.toBe(4);
  });

  test.each([0, 1, 2, 3, 4])("goes on to the same bytes from its kept state %i", async (at) => {
    const kept: GeneratorProgress[] = [];
    const whole = await trainGenerator(twoStages([]), samples, recipe, key, {
      every: 5,
      keep: (now) => void kept.push(now),
    });
    expect(await trainGenerator(twoStages([]), samples, recipe, key, { from: kept[at]! })).toEqual(whole);
  });

  test("shares the steps out, all of them", () => {
    const { training } = twoStages([]);
    const stages = planned(training!, [], 10, key);
    expect(stages.map(({ first, last }) => [first, last])).toEqual([
      [0, 3],
      [3, 10],
    ]);
  });
});

test("a running mean forgets its start: shares of 0.9, then of 1 − decay", () => {
  const at = (value: number) => ({ layer: { w: tensor([value]) } });
  expect(averaged(at(1), at(2), 0.999, 0).layer!.w!.item()).toBeCloseTo(1.9, 6);
  expect(averaged(at(1), at(2), 0.999, 1e6).layer!.w!.item()).toBeCloseTo(1.001, 6);
  expect(averaged(at(3), at(3), 0.7, 5).layer!.w!.item()).toBe(3);
});

test("a critic's weights are cut after every step of it", async () => {
  const digits = await readerOf(await loadDigits()).batch("a test", { rows: Array.from({ length: 64 }, (_, i) => i) });
  const options = { body: "mlp", width: 8, depth: 1, z: 2, clip: 0.02 };
  const generator = makeGenerator({ name: "wgan", options }, generatorGround(facts));
  const kept: GeneratorProgress[] = [];
  await trainGenerator(generator, digits, { steps: 3, batch: 16, learningRate: 0.01 }, key, {
    every: 1,
    keep: (now) => void kept.push(now),
  });
  const weights = Object.values(kept.at(-1)!.state.critic!.params).flatMap((own) =>
    Object.values(own).flatMap(({ data }) => [...data]),
  );
  expect(Math.max(...weights.map(Math.abs))).toBeCloseTo(0.02, 6);
  expect(new Set(weights).size).toBeGreaterThan(5);
});
