import { describe, expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import golden from "../../../golden/hypotheses/optimizers.json" with { type: "json" };
import { randomKey, tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { oneHot } from "../training/oneHot.ts";
import { fieldRecipe, optimizerOf, type Recipe } from "../training/recipe.ts";
import { trainingStep } from "../training/trainingStep.ts";
import { schedules } from "./schedules.ts";

const recipes: [name: keyof typeof golden, Partial<Recipe>][] = [
  ["sgd", { learningRate: 0.1 }],
  ["plain sgd", { learningRate: 0.1, momentum: 0, weightDecay: 0 }],
  ["adam", { optimizer: "adam", learningRate: 0.01, weightDecay: 5e-4 }],
  ["adamw", { optimizer: "adamw", learningRate: 0.01, weightDecay: 0.05 }],
];

test.each(recipes)("three steps of %s on an MLP are PyTorch's", async (name, changes) => {
  const recipe = { ...fieldRecipe, ...changes };
  const network = buildNetwork(mlp({ width: 5 }), [1, 2, 3], 3);
  const step = trainingStep(network, recipe);
  const params = formulaParams(network.init(randomKey(0)));
  let state = { params, optimizer: optimizerOf(recipe).init(params), statistics: {} };
  const images = formulaTensor([4, 1, 2, 3], 99);
  const targets = oneHot(Int32Array.of(0, 1, 2, 0), 3);
  for (const expected of golden[name].losses) {
    const result = await step(state, images, targets, tensor(recipe.learningRate));
    expect(result.loss.item()).toBeCloseTo(expected, 5);
    state = result.state as typeof state;
  }
  const tensors = Object.values(state.params as Params).flatMap((layer) => [layer.weight!, layer.bias!]);
  tensors.forEach((t, k) => {
    golden[name].params[k]!.forEach((v, i) => {
      expect(Math.abs(t.data[i]! - v)).toBeLessThan(2e-6);
    });
  });
});

describe("schedules", () => {
  test("step: the field's 0…E passes, a tenth after pass ⌊E/2⌋ + 1, momentum anew there", () => {
    const passes = Array.from({ length: schedules.step.passes(6) }, (_, p) => p);
    expect(passes.map((p) => schedules.step.factor(p, 6))).toEqual([1, 1, 1, 1, 1, 0.1, 0.1]);
    expect(passes.filter((p) => schedules.step.restarts(p, 6))).toEqual([5]);
  });

  test("cosine falls from 1 towards 0, constant stays", () => {
    expect(schedules.cosine.factor(0, 10)).toBe(1);
    expect(schedules.cosine.factor(5, 10)).toBeCloseTo(0.5, 12);
    expect(schedules.cosine.passes(10)).toBe(10);
    const warm = schedules["warmup-cosine"];
    expect([0, 50, 100, 550, 1000].map((p) => warm.factor(p, 1000))).toEqual(
      [0, 0.1, 0.2, 0.9758, 0.01].map((v) => expect.closeTo(v, 3)),
    );
    expect(schedules.constant.factor()).toBe(1);
  });
});
