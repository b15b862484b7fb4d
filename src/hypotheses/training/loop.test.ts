import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { randomKey, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";
import { adam, sgd } from "../optimizers/index.ts";
import { descent, type Fitted, unfitted } from "./descent.ts";
import { type PassBatch, type Snapshot, trainPasses, trainSteps } from "./loop.ts";

const words = { name: "training of a test", hint: "none" };
const key = randomKey(4);

/** A critic w·x with |w| <= 1 that tells real numbers from made ones, and a generator that shifts noise by θ. */
function adversaries() {
  type Given = { real: Traced; noise: Traced; other: TracedParams };
  const criticLoss = (p: TracedParams, { real, noise, other }: Given): [Traced, object] => {
    const made = noise.add(other.shift!.value!);
    return [p.critic!.weight!.mul(np.mean(made).sub(np.mean(real))), {}];
  };
  const generatorLoss = (
    p: TracedParams,
    { noise, other }: { noise: Traced; other: TracedParams },
  ): [Traced, object] => [other.critic!.weight!.mul(np.mean(noise.add(p.shift!.value!))).mul(-1), {}];
  const [down, up] = [sgd({ momentum: 0, weightDecay: 0 }), adam({ beta1: 0 })];
  const critic = descent(criticLoss, down, {
    name: "critic of a test",
    project: ({ critic: { weight } = {} }) => ({ critic: { weight: np.clip(weight!, -1, 1) } }),
  });
  const generator = descent(generatorLoss, up, { name: "generator of a test" });
  const start = {
    critic: unfitted({ critic: { weight: tensor(0) } }, down),
    generator: unfitted({ shift: { value: tensor(0) } }, up),
  };
  const advance = async (now: typeof start, step: number) => {
    const draws = key.fold(step);
    const [real, noise] = [
      tensor(
        draws
          .fold("real")
          .normal(64)
          .map((v) => v + 3),
      ),
      tensor(draws.normal(64)),
    ];
    const judged = await critic(now.critic, { real, noise, other: now.generator.params }, tensor(0.3));
    const fooled = await generator(now.generator, { noise, other: judged.state.params }, tensor(0.1));
    return { state: { critic: judged.state, generator: fooled.state }, loss: fooled.loss.item() };
  };
  return { start, advance };
}

describe("trainSteps", () => {
  test("two trees of parameters take turns: a generator finds the mean of the real numbers", async () => {
    const { start, advance } = adversaries();
    const { generator, critic } = await trainSteps({ step: 0, state: start }, 120, advance, words);
    expect(Math.abs(generator.params.shift!.value!.item() - 3)).toBeLessThan(0.5);
    expect(Math.abs(critic.params.critic!.weight!.item())).toBeLessThanOrEqual(1);
  });

  test("continues from a snapshot to the same bytes, the optimizers' states with it", async () => {
    const { start, advance } = adversaries();
    const kept: Snapshot<typeof start>[] = [];
    const onStep = (now: Snapshot<typeof start>) => kept.push(now);
    const whole = await trainSteps({ step: 0, state: start }, 9, advance, { ...words, onStep });
    expect(kept.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await trainSteps(kept[3]!, 9, advance, words)).toEqual(whole);
    const forgetful = { ...kept[3]!.state, generator: { ...start.generator, params: kept[3]!.state.generator.params } };
    expect(await trainSteps({ step: 4, state: forgetful }, 9, advance, words)).not.toEqual(whole);
  });

  test("a timer gets its turn, and its signal ends the training", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const count = async (state: number) => ({ state: state + 1, loss: 0 });
    const run = trainSteps({ step: 0, state: 0 }, 5e7, count, { ...words, signal: controller.signal });
    await expect(run).rejects.toThrow("abort");
  });

  test("a loss that is no finite number ends it, naming the step", async () => {
    const overflow = async (state: number) => ({ state: state * 10, loss: state });
    const run = trainSteps({ step: 0, state: 1e307 }, 5, overflow, words);
    await expect(run).rejects.toMatchObject({
      code: "diverged",
      exitCode: 3,
      message: "training of a test diverged: the loss of step 3 is not a number",
    });
  });
});

describe("trainPasses", () => {
  const passes = { passes: 3, count: 7, batch: 3, order: key };
  const gathered = async (more: object, options: object = {}) => {
    const batches: PassBatch[] = [];
    const losses: number[] = [];
    const state = await trainPasses(
      0,
      { ...passes, ...more },
      async (now, batch) => {
        batches.push(batch);
        return { state: now + 1, loss: batch.index };
      },
      { ...words, onPass: (_: number, loss: number) => losses.push(loss), ...options },
    );
    return { state, batches, losses };
  };

  test("every sample once a pass, in a new order each, the loss its mean over samples", async () => {
    const { batches, losses, state } = await gathered({});
    expect([state, losses]).toEqual([9, [5 / 7, 5 / 7, 5 / 7]]);
    const orders = [0, 1, 2].map((p) => batches.filter(({ pass }) => pass === p).flatMap(({ rows }) => [...rows]));
    for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(orders[1]).not.toEqual(orders[0]);
  });

  test("only whole batches where that is asked for, at least one", async () => {
    const { batches, losses } = await gathered({ wholeBatches: true });
    expect(batches.map(({ rows }) => rows.length)).toEqual([3, 3, 3, 3, 3, 3]);
    expect(losses).toEqual([0.5, 0.5, 0.5]);
    expect((await gathered({ wholeBatches: true, batch: 9 })).batches.map(({ rows }) => rows.length)).toEqual([
      7, 7, 7,
    ]);
  });

  test("the rest from a pass on sees the batches that it would have seen", async () => {
    const whole = await gathered({});
    const rest = await gathered({}, { firstPass: 2 });
    expect(rest.batches).toEqual(whole.batches.slice(6));
    expect((await gathered({}, { firstPass: 3 })).batches).toEqual([]);
  });

  test("an error names the epoch", async () => {
    const run = trainPasses(
      0,
      passes,
      async (state, { pass }) => ({ state, loss: pass === 1 ? Number.NaN : 1 }),
      words,
    );
    await expect(run).rejects.toThrow("the loss of epoch 2");
  });
});

test("what is trained is a tree that a file may hold", () => {
  const { params, optimizer }: Fitted = unfitted({ layer: { weight: tensor([1, 2]) } }, adam());
  expect(Object.keys(params)).toEqual(["layer"]);
  expect(Object.keys(optimizer)).toEqual(["first", "second", "correction"]);
});
