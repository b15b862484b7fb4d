import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import golden from "../../golden/generators/adversarial.json" with { type: "json" };
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import {
  compile,
  gradientsOf,
  type OptionValues,
  released,
  type Tensor,
  tensor,
  valueAndGradient,
} from "../engine/index.ts";
import { oneHot, type Params, type ShapeTable, type TracedParams } from "../hypotheses/index.ts";
import { makeGenerator } from "./registry.ts";
import { dilated, firAfterUp, firUp } from "./style/fir.ts";
import { modulated } from "./style/modulated.ts";
import type { AdversarialTraining, LossWithTerms } from "./training/training.ts";

const classes = 3;
const ground = {
  name: "golden",
  shape: [1, 5, 5] as const,
  kind: "image" as const,
  classes,
  normalisation: { scale: 1, mean: [0.3], std: [0.4] },
};
const batch = {
  images: formulaTensor([4, 1, 5, 5], 50, 0.5),
  labels: oneHot(Int32Array.of(2, 0, 1, 0), classes),
  draws: { noise: formulaTensor([4, 2], 51), mix: tensor([0.1, 0.4, 0.6, 0.9]) },
};

/** Parameters with the script's values, in the order of their layers; running moments are not among the script's. */
function numbered(shapes: ShapeTable, first: number, scale: number): Params {
  let t = first;
  const params: Params = {};
  for (const [layer, own] of Object.entries(shapes)) {
    if (layer.endsWith("Moments")) {
      params[layer] = Object.fromEntries(
        Object.entries(own).map(([name, { shape }]) => [name, formulaTensor(shape, 90)]),
      );
      continue;
    }
    const each = Object.entries(own).map(([name, { shape }]) => {
      const gain = layer.startsWith("norm") && name === "weight";
      return [name, formulaTensor(shape, t++, scale, gain ? 1 : 0)];
    });
    params[layer] = Object.fromEntries(each);
  }
  return params;
}

type Expected = {
  readonly loss: number;
  readonly gradient: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
};

/** A loss and its gradient, as trainings take them: what is beside a loss of a penalty is let go of. */
async function pulled(
  loss: (params: TracedParams, given: never) => LossWithTerms,
  params: Params,
  given: object,
): Promise<{ loss: Tensor; gradient: Params }> {
  const pull = compile(
    (p: TracedParams, all: object) => {
      const [[value], gradient] = valueAndGradient((at: TracedParams): [Traced, object] => {
        const [own, beside] = loss(at, all as never);
        released(beside);
        return [own, {}];
      })(p);
      return { loss: value, gradient };
    },
    { name: "golden loss" },
  );
  const found = await pull(params, given as never);
  pull.dispose();
  return found;
}

const close = ({ data }: Tensor, expected: readonly number[], digits = 4) => {
  expect(data.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(data[i]! - value)).toBeLessThan(10 ** -digits * (1 + Math.abs(value)));
};

function same({ loss, gradient }: Awaited<ReturnType<typeof pulled>>, expected: Expected): void {
  expect(loss.item()).toBeCloseTo(expected.loss, 4);
  for (const [layer, own] of Object.entries(expected.gradient))
    for (const [name, values] of Object.entries(own)) close(gradient[layer]![name]!, values);
}

describe("losses of both players and the gradients of their weights are PyTorch's in float64", () => {
  const cases: readonly [string, OptionValues, { critic: Expected; generator: Expected }][] = [
    ["cgan", { critic: "auxiliary" }, golden.auxiliary],
    ["cgan", { critic: "projection" }, golden.projection],
    ["wgan-gp", { penalty: 10 }, golden.penalty],
  ];
  test.each(cases)("%s %j", async (name, options, expected) => {
    const own = makeGenerator({ name, options: { z: 2, channels: 3, ...options } }, ground);
    const training = own.training as AdversarialTraining;
    const [g, d] = [numbered(own.shapes, 0, 0.5), numbered(training.critic.shapes, 20, 0.5)];
    same(await pulled(training.criticLoss, d, { ...batch, generator: g }), expected.critic);
    same(await pulled(training.generatorLoss, g, { ...batch, critic: d }), expected.generator);
  });

  test("style, with its penalty and without", async () => {
    const options = { z: 2, channels: 3, criticChannels: 3, gamma: 0.3, every: 16 };
    const own = makeGenerator({ name: "style", options }, ground);
    const training = own.training as AdversarialTraining;
    const [g, d] = [numbered(own.shapes, 0, 1), numbered(training.critic.shapes, 40, 0.5)];
    const decode = compile((p: TracedParams, codes: { z: Traced; class: Traced }) => own.decode(p, codes, 0), {
      name: "decoder",
    });
    close(await decode(g, { z: batch.draws.noise, class: batch.labels }), golden.style.picture);
    decode.dispose();
    same(await pulled(training.criticLoss, d, { ...batch, generator: g }), golden.style.critic);
    same(await pulled(training.lazily!.criticLoss, d, { ...batch, generator: g }), golden.style.penalised);
    same(await pulled(training.generatorLoss, g, { ...batch, critic: d }), golden.style.generator);
  });
});

test("the slope of a penalised loss in the critic's weights is the difference of its values", async () => {
  const own = makeGenerator({ name: "wgan-gp", options: { z: 2, channels: 3 } }, ground);
  const training = own.training as AdversarialTraining;
  const given = { ...batch, generator: numbered(own.shapes, 0, 0.5) };
  const d = numbered(training.critic.shapes, 20, 0.5);
  const { gradient } = await pulled(training.criticLoss, d, given);
  const step = 0.003;
  for (const [layer, at] of [
    ["critic1", 4],
    ["critic2", 30],
    ["norm2", 5],
    ["score", 7],
  ] as const) {
    const moved = async (by: number) => {
      const weight = d[layer]!.weight!.map((v, i) => (i === at ? v + by : v));
      const { loss } = await pulled(training.criticLoss, { ...d, [layer]: { ...d[layer], weight } }, given);
      return loss.item();
    };
    const slope = ((await moved(step)) - (await moved(-step))) / (2 * step);
    const found = gradient[layer]!.weight!.data[at]!;
    expect(Math.abs(slope - found)).toBeLessThan(0.02 * (1 + Math.abs(found)));
  }
});

describe("modulated convolutions equal those with a kernel a sample", () => {
  const cases = [
    ["demodulated", { demodulate: true, up: false }, 3, golden.modulated],
    ["demodulated and doubled", { demodulate: true, up: true }, 3, golden.modulatedUp],
    ["as they are", { demodulate: false, up: false }, 1, golden.modulatedPlain],
  ] as const;
  test.each(cases)("%s", async (_name, how, side, expected) => {
    const given = [
      formulaTensor([2, 3, 3, 3], 60),
      formulaTensor([4, 3, side, side], 61, 0.5),
      formulaTensor([2, 3], 62, 0.5, 1),
    ];
    const run = compile(
      (x: Traced, w: Traced, s: Traced, bar: Traced) => {
        const value = modulated(x.ref, w.ref, s.ref, how);
        const summed = (...[a, b, c]: [Traced, Traced, Traced]) => np.sum(modulated(a, b, c, how).mul(bar.ref));
        return { value, gradient: gradientsOf(summed)(x, w, s) };
      },
      { name: "modulated" },
    );
    const sideOf = how.up ? 6 : 3;
    const found = await run(given[0]!, given[1]!, given[2]!, formulaTensor([2, 4, sideOf, sideOf], 63));
    close(found.value, expected.value);
    for (const [i, own] of expected.gradient.entries()) close(found.gradient[i]!, own);
    run.dispose();
  });
});

test("the filter doubles [1, 2] to [.75, 1.25, 1.75, 1.5], and follows a convolution in steps of two", async () => {
  const up = compile(firUp, { name: "up" });
  const line = tensor([1, 2, 1, 2], [1, 1, 2, 2]);
  const doubled = await up(line);
  expect(golden.up).toEqual([0.75, 1.25, 1.75, 1.5]);
  // Of two equal rows the second output row is one of them: .75 + .25.
  expect([...doubled.data.slice(4, 8)]).toEqual(golden.up);
  up.dispose();
  const spread = compile(dilated, { name: "spread" });
  const wide = await spread(line);
  expect(wide.shape).toEqual([1, 1, 7, 7]);
  expect([...wide.data.slice(14, 21)]).toEqual([0, 0, 1, 0, 2, 0, 0]);
  expect([...wide.data.slice(7, 14)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  spread.dispose();
  const transposed = [1, 2, 5, 4, 6];
  const after = compile(firAfterUp, { name: "after" });
  const rows = await after(
    tensor([0, 0, 0, 0, 0, ...transposed, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 5, 5]),
  );
  // Row 1 alone: in the second row of outputs its weight is .75.
  expect([...rows.data.slice(4, 8)].map((v) => v / 0.75)).toEqual([3.5, 6.5, 8.75, 8.75]);
  after.dispose();
});
