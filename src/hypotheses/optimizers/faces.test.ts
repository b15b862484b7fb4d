import type { Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile, randomKey, tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../network.ts";
import { adam, hostAdam, innerAdam } from "./adam.ts";
import type { HostOptimizer } from "./hostOptimizer.ts";
import type { InnerOptimizer } from "./innerOptimizer.ts";
import type { Optimizer, TracedOptimizerState } from "./optimizer.ts";
import { coast, hostSgd, innerSgd, sgd } from "./sgd.ts";

const [n, steps, rate] = [40, 10, 0.05];
const start = randomKey(1).normal(n);
const gradients = Array.from({ length: steps }, (_, t) => randomKey(2).fold(t).normal(n));
const rateAt = (t: number) => rate * (1 + Math.sin(t));

async function traced(optimizer: Optimizer): Promise<number[]> {
  const update = compile((p: TracedParams, g: TracedParams, s: TracedOptimizerState, r: Traced) =>
    optimizer.update(p, g, s, r),
  );
  const tree = (data: Float32Array): Params => ({ layer: { weight: tensor(data) } });
  let now = { params: tree(start), state: optimizer.init(tree(start)) };
  for (let t = 0; t < steps; t++) now = await update(now.params, tree(gradients[t]!), now.state, tensor(rateAt(t)));
  return [...now.params.layer!.weight!.data];
}

function hosted(optimizer: HostOptimizer): number[] {
  const x = start.slice();
  const kept = optimizer.keeps.map(() => new Float32Array(n));
  // In two stretches, their gradients the other way round.
  const stretches = [
    { from: 0, to: 10, at: 30 },
    { from: 10, to: n, at: 0 },
  ];
  gradients.forEach((g, t) => {
    const turned = Float32Array.from([...g.subarray(10), ...g.subarray(0, 10)]);
    optimizer.step(x, kept, turned, { rate: rateAt(t), taken: t, stretches });
  });
  return [...x];
}

function inner(optimizer: InnerOptimizer): number[] {
  let state = optimizer.start(start);
  gradients.forEach((g, t) => {
    state = optimizer.advance(state, g, rateAt(t));
  });
  return [...state.theta];
}

/** Values of float32 that differ by the rounding of ten steps. */
const near = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 5));

describe("ten steps on random gradients are the same by every face", () => {
  test.each([0, 0.9])("SGD of momentum %d", async (momentum) => {
    const own = await traced(sgd({ momentum, weightDecay: 0 }));
    expect(own).not.toEqual([...start]);
    expect(hosted(hostSgd({ momentum }))).toEqual(near(own));
    expect(inner(innerSgd({ momentum }))).toEqual(near(own));
    expect(inner(innerSgd({ momentum, weightDecay: 0.1 }))).toEqual(
      near(await traced(sgd({ momentum, weightDecay: 0.1 }))),
    );
  });

  test.each([0, 0.9])("Adam of decay %d", async (beta1) => {
    const own = await traced(adam({ beta1 }));
    expect(hosted(hostAdam({ beta1 }))).toEqual(near(own));
    expect(inner(innerAdam({ beta1 }))).toEqual(near(own));
    expect(inner(innerAdam({ beta1, weightDecay: 0.1 }))).toEqual(
      near(await traced(adam({ beta1, weightDecay: 0.1 }))),
    );
  });
});

test.each([0, 0.7, 1])("coasting is that many steps of SGD of momentum %d without a gradient", (momentum) => {
  const [x, v] = [start.slice(), gradients[0]!.slice()];
  const [y, w] = [x.slice(), v.slice()];
  const zero = new Float32Array(n);
  const stretches = [{ from: 5, to: 20, at: 0 }];
  for (let t = 0; t < 4; t++) hostSgd({ momentum }).step(x, [v], zero, { rate, taken: t, stretches });
  coast(y, w, stretches[0]!, { momentum, rate, turns: 4 });
  expect([...y]).toEqual(near([...x]));
  expect([...w]).toEqual(near([...v]));
});
