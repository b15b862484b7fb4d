import { describe, expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { inOrderOf, relative } from "../../../golden/solvers/relative.ts";
import golden from "../../../golden/solvers/unroll.json" with { type: "json" };
import { randomKey, tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { buildNetwork, convnet } from "../networks/index.ts";
import { innerAdam, innerSgd } from "../optimizers/index.ts";
import { crossEntropyOf } from "./innerLoss.ts";
import { type InnerSchedule, unrolled } from "./unroll.ts";

const data = { images: formulaTensor([5, 1, 8, 8], 99), labels: formulaTensor([5, 3], 98, 0.4, 0.5) };

const schedule = (steps: number, rate: number): InnerSchedule => ({
  steps,
  step: (t) => ({
    rate: rate * (1 + 0.2 * Math.sin(t)),
    rows: [0, 1, 2, 3].map((j) => (t + 2 * j) % 5),
    common: { gain: tensor(1 + 0.1 * Math.sin(t)) },
  }),
});

/** c, numbered over all tensors in order from 200. */
const cotangentLike = (params: Params): Params => {
  let t = 200;
  const named = Object.entries(params).map(([layer, tensors]) => {
    const own = Object.entries(tensors).map(([name, { shape }]) => [name, formulaTensor(shape, t++)] as const);
    return [layer, Object.fromEntries(own)] as const;
  });
  return Object.fromEntries(named);
};

function problem({ optimizer, momentum, weightDecay, activation, normalisation }: (typeof golden)[number]["case"]) {
  const options = { depth: 2, width: 4, activation, normalisation } as Parameters<typeof convnet>[0];
  const network = buildNetwork(convnet(options), [1, 8, 8], 3);
  const inner = optimizer === "adam" ? innerAdam({ weightDecay }) : innerSgd({ momentum, weightDecay });
  const loss = crossEntropyOf(network, { images: (images, _each, { gain }) => images.mul(gain!) });
  return { solver: unrolled(loss, inner), start: formulaParams(network.init(randomKey(0))) };
}

describe.each(golden)("unrolled $case.name against float64 PyTorch", ({ case: case_, runs }) => {
  const { solver, start } = problem(case_);

  test.each(runs)("$steps steps", async ({ steps, ...expected }) => {
    const trajectory = await solver.unroll(start, data, schedule(steps, case_.rate));
    expect(trajectory.losses).toHaveLength(steps);
    expect(relative(inOrderOf(start, trajectory.final), expected.final)).toBeLessThan(1e-5);
    const gradient = await solver.pullback(trajectory, cotangentLike(start));
    const errors = {
      images: relative(gradient.images.data, expected.images),
      labels: relative(gradient.labels.data, expected.labels),
      rates: relative(gradient.rates, expected.rates),
      start: relative(inOrderOf(start, gradient.start), expected.start),
    };
    for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-4);
  });
});
