import { expect, test } from "vitest";
import { randomKey, resolveOptions, Tensor, tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { fieldRecipe, optimizerOf, type Recipe } from "../training/recipe.ts";
import { trainingStep } from "../training/trainingStep.ts";
import type { Feed, Kept } from "./source.ts";
import { syntheticPool } from "./syntheticPool.ts";

const network = buildNetwork(mlp({ width: 6, depth: 1 }), [1, 3, 3], 2);
const images = new Tensor(randomKey(1).normal(12 * 9), [12, 1, 3, 3], "float32");
const labels = new Tensor(randomKey(2).normal(24), [12, 2], "float32");
const feed: Feed = {
  real: () => Promise.reject(new Error("it trains on S")),
  synthetic: async () => ({ images, labels }),
  mix: () => {
    throw new Error("it does not mix");
  },
};

const made = (given: object) =>
  syntheticPool.make(resolveOptions("pool", syntheticPool.options, given as never), network, randomKey(5));

async function run(given: object, steps: number, from = 0, start: Kept = {}) {
  const source = made(given);
  let kept = start;
  const seen = [];
  for (let step = from; step < steps; step++) {
    const now = await source.at(step, 1, kept, feed);
    seen.push({ hypothesis: now.hypotheses[0]!, kept });
    kept = await source.after(step, now.hypotheses, now.kept, feed);
  }
  return { seen, kept };
}

const recipe: Recipe = {
  ...fieldRecipe,
  optimizer: "adam",
  loss: "squared-error",
};

/** Mean loss on S. */
async function lossOf(params: Params): Promise<number> {
  const state = { params, optimizer: optimizerOf(recipe).init(params), statistics: {} };
  return (await trainingStep(network, recipe)(state, images, labels, tensor(0))).loss.item();
}

test("a network learns S with every use, and after `most` steps a fresh one takes its place", async () => {
  const { seen } = await run({ networks: 1, most: 5, learningRate: 0.05 }, 8);
  const losses: number[] = [];
  for (const { hypothesis } of seen) losses.push(await lossOf(hypothesis.params));
  for (let i = 1; i <= 5; i++) expect(losses[i]).toBeLessThan(losses[i - 1]!);
  expect(losses[6]).toBeGreaterThan(losses[5]!);
  expect(losses[6]).not.toBe(losses[0]);
});

test("networks start at different counts, so that they are not replaced together", async () => {
  const { seen } = await run({ networks: 3, most: 9, steps: 3 }, 40);
  const ages = seen.map(({ kept }) => [0, 1, 2].map((i) => kept[`${i}/standing`]?.data[1] ?? 3 * i));
  for (const each of ages) for (const age of each) expect(age).toBeLessThanOrEqual(9);
  const replaced = seen.at(-1)!.kept;
  for (const i of [0, 1, 2]) expect(replaced[`${i}/standing`]!.data[0]).toBeGreaterThan(0);
});

test("the same object until it is trained again; a batch of S is drawn where S is larger", async () => {
  const { seen } = await run({ networks: 4, batch: 5 }, 12);
  const objects = new Set(seen.map((s) => s.hypothesis));
  expect(objects.size).toBe(12);
  const source = made({ networks: 4 });
  const { hypotheses } = await source.at(0, 4, {}, feed);
  const again = await source.at(1, 4, {}, feed);
  expect(new Set([...hypotheses, ...again.hypotheses]).size).toBe(4);
});

test("a run goes on from what was kept as if it had not stopped", async () => {
  const options = { networks: 3, most: 6, steps: 2, batch: 5 };
  const whole = await run(options, 14);
  const half = await run(options, 7);
  const rest = await run(options, 14, 7, half.kept);
  expect(rest.kept).toEqual(whole.kept);
});
