import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/generators/diffusion.json" with { type: "json" };
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, type Tensor, tensor, valueAndGradient } from "../../engine/index.ts";
import { oneHot, type Params, type TracedParams } from "../../hypotheses/index.ts";
import { attended } from "../../hypotheses/layers/attention.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import { groupNorm } from "../../hypotheses/layers/normalisation.ts";
import type { Denoiser } from "./denoiser.ts";
import { denoisingLoss } from "./denoising.ts";
import { ddimStep, ddpmStep, denoised, guided, type NoiseModel, sampled } from "./sampler.ts";
import { noiseSchedules, samplingSteps, signalShares } from "./schedule.ts";
import { gegluOf, transformerBlock } from "./transformer.ts";

const shares = signalShares("linear", 1000);
const [n, d, e] = [3, 4, 2];

/** tanh(A z + b t / 1000 + C y). */
const model: Denoiser = {
  parameters: {},
  condition: e,
  apply: (params, z, times, condition) =>
    np.tanh(
      np
        .matmul(z, params.own!.a!.transpose())
        .add(
          times
            .reshape([-1, 1])
            .mul(1 / 1000)
            .mul(params.own!.b!.reshape([1, d])),
        )
        .add(np.matmul(condition, params.own!.c!.transpose())),
    ),
};
const params: Params = {
  own: { a: formulaTensor([d, d], 1, 0.4), b: formulaTensor([d], 2, 0.5), c: formulaTensor([d, e], 3, 0.6) },
};

const close = (found: Tensor, expected: readonly number[], digits = 5) => {
  expect(found.data.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found.data[i]).toBeCloseTo(value, digits);
};

/** A function's result, and the gradient of its weighted sum in its first argument. */
function slopes<A>(fn: (at: A, given: TracedParams) => Traced) {
  return compile(
    (at: A, given: TracedParams, weight: Traced) => {
      const [[sum, beside], gradient] = valueAndGradient((own: A) => {
        const result = fn(own, given);
        return [np.sum(result.ref.mul(weight)), { result }];
      })(at);
      sum.dispose();
      return { ...beside, gradient };
    },
    { name: "golden slopes" },
  );
}

test("schedules are those of their papers, at their ends and in the middle", () => {
  for (const name of noiseSchedules)
    for (const [time, share] of Object.entries(golden.schedules[name] as Record<string, number>))
      expect(signalShares(name, 1000)[Number(time)]! / share).toBeCloseTo(1, 9);
  // As methods of ours cite them.
  expect(signalShares("linear", 1000)[499]).toBeCloseTo(0.07858724288177821, 12);
  expect(signalShares("scaled-linear", 1000)[999]! / 1.4230397519201778e-4).toBeCloseTo(1, 9);
  expect(signalShares("cosine", 1000)[999]! / 2.4287669070348567e-9).toBeCloseTo(1, 9);
});

test("ten steps of DDIM see times 1, 101, …, 901, and a strength takes the last of them", () => {
  const steps = samplingSteps(shares, 10);
  expect(steps.map(({ time }) => time).reverse()).toEqual(golden.schedules.times);
  expect(steps.at(-1)!.before).toBe(shares[0]);
  expect(steps[0]!.before).toBe(shares[801]);
  expect(samplingSteps(shares, 10, 0.7).map(({ time }) => time)).toEqual([601, 501, 401, 301, 201, 101, 1]);
  expect(samplingSteps(shares, 10, 0.01)).toHaveLength(1);
  expect(() => samplingSteps(shares, 1000)).toThrow(/more than 1000 times/);
});

test("the loss of a batch, its gradient in latents and the estimates of them are PyTorch's", async () => {
  const times = [3, 500, 990];
  const pull = compile(
    (
      z: Traced,
      given: { params: TracedParams; labels: Traced; draws: Parameters<typeof denoisingLoss>[2]["draws"] },
    ) => {
      const [[loss, estimates], gradient] = valueAndGradient((latents: Traced) => {
        const found = denoisingLoss(model, given.params, { latents, labels: given.labels, draws: given.draws });
        return [found.loss, found.estimates];
      })(z);
      return { loss, estimates, gradient };
    },
    { name: "golden loss" },
  );
  const found = await pull(formulaTensor([n, d], 10), {
    params: { ...params, classes: { weight: formulaTensor([n, e], 12) }, noClass: { weight: formulaTensor([e], 13) } },
    labels: oneHot(Int32Array.of(0, 1, 2), 3),
    draws: {
      noise: formulaTensor([n, d], 11),
      times: tensor(times, [n]),
      shares: tensor(
        times.map((t) => shares[t]!),
        [n],
      ),
      labelled: tensor([1, 0, 1], [n]),
    },
  });
  expect(found.loss.item()).toBeCloseTo(golden.loss.loss, 5);
  close(found.gradient, golden.loss.gradient);
  // The last is 1 / √ᾱ = 144 times a difference of numbers near 1.
  close(found.estimates, golden.loss.estimates, 3);
});

test("a guided step from time 501 to 401 is PyTorch's, without noise and with it", async () => {
  const step = { time: 501, share: shares[501]!, before: shares[401]! };
  const of = compile(
    (z: Traced, y: Traced, none: Traced, draw: Traced, p: TracedParams) => {
      const at = (condition: Traced) =>
        model.apply(
          { own: { a: p.own!.a!.ref, b: p.own!.b!.ref, c: p.own!.c!.ref } },
          z.ref,
          np.ones([n]).mul(step.time),
          condition,
        );
      const noise = guided(at(y), at(np.broadcastTo(none.reshape([1, e]), [n, e])), 2);
      const clean = denoised(z.ref, noise.ref, step.share);
      return {
        guided: noise.ref,
        clean: clean.ref,
        ddim: ddimStep(clean.ref, noise, step),
        ddpm: ddpmStep(z, clean, draw, step),
      };
    },
    { name: "golden step" },
  );
  const found = await of(
    formulaTensor([n, d], 20),
    formulaTensor([n, e], 21),
    formulaTensor([e], 22),
    formulaTensor([n, d], 23),
    params,
  );
  for (const name of ["guided", "clean", "ddim", "ddpm"] as const) close(found[name], golden.step[name], 4);
});

describe("three steps of DDIM, and their gradients in start and condition, are PyTorch's", () => {
  test.each([
    ["plain", false],
    ["skip", true],
  ] as const)("%s", async (name, skip) => {
    const run = slopes(({ z, condition }: { z: Traced; condition: Traced }, { own, given }: TracedParams) => {
      const noiseOf: NoiseModel = (x, time) =>
        model.apply(
          { own: { a: own!.a!.ref, b: own!.b!.ref, c: own!.c!.ref } },
          x,
          np.ones([n]).mul(time),
          condition.ref,
        );
      const how = { sampler: "ddim" as const, skip, steps: samplingSteps(shares, 3) };
      return sampled(noiseOf, z, given!.noise!.reshape([n, 1, d]), how);
    });
    const start = { z: formulaTensor([n, d], 30), condition: formulaTensor([n, e], 31) };
    const given = { ...params, given: { noise: formulaTensor([n, d], 32) } };
    const weight = formulaTensor([n, d], 33);
    const found = await run(start, given, weight);
    const { result, gradient } = golden.sampling[name];
    close(found.result, result, 3);
    close(found.gradient.z, gradient.z, 3);
    close(found.gradient.condition, gradient.condition, 3);
  });

  test("the first estimate of the blended sampling is the start itself", () => {
    const start = formulaTensor([n, d], 30).data;
    for (const [i, value] of golden.sampling.skip.first.entries()) expect(value).toBeCloseTo(start[i]!, 6);
  });
});

describe("layers and their gradients are PyTorch's", () => {
  test("group normalisation in 32 groups under 1e-6", async () => {
    const stage = groupNorm("norm", 32, 1e-6)([64, 2, 2]);
    const run = slopes((x: Traced, p: TracedParams) => stage.apply(p, x, { moments: "batch" }));
    const norm = { weight: formulaTensor([64], 41, 0.2, 1), bias: formulaTensor([64], 42, 0.1) };
    const found = await run(formulaTensor([2, 64, 2, 2], 40), { norm }, formulaTensor([2, 64, 2, 2], 43));
    close(found.result, golden.layers.groupNorm.result, 4);
    close(found.gradient, golden.layers.groupNorm.gradient, 3);
  });

  test("attention in two heads", async () => {
    const run = slopes(({ q, k, v }: { q: Traced; k: Traced; v: Traced }) => attended(q, k, v, 2));
    const [q, k, v] = [44, 45, 46].map((t) => formulaTensor([2, 3, 4], t)) as [Tensor, Tensor, Tensor];
    const found = await run({ q, k, v }, {}, formulaTensor([2, 3, 4], 47));
    close(found.result, golden.layers.attention.result);
    for (const [i, name] of (["q", "k", "v"] as const).entries())
      close(found.gradient[name], golden.layers.attention.gradient[i]!);
  });

  test("GEGLU", async () => {
    const [rise, fall] = [linear("rise", 10)([4]), linear("fall", 4)([5])];
    const run = slopes((x: Traced, p: TracedParams) => {
      const risen = rise.apply(p, x.reshape([6, 4]), { moments: "batch" }).reshape([2, 3, 10]);
      return fall.apply(p, gegluOf(risen).reshape([6, 5]), { moments: "batch" }).reshape([2, 3, 4]);
    });
    const found = await run(
      formulaTensor([2, 3, 4], 48),
      {
        rise: { weight: formulaTensor([10, 4], 49, 0.5), bias: formulaTensor([10], 50, 0.5) },
        fall: { weight: formulaTensor([4, 5], 51, 0.5), bias: formulaTensor([4], 52, 0.5) },
      },
      formulaTensor([2, 3, 4], 53),
    );
    close(found.result, golden.layers.geglu.result);
    close(found.gradient, golden.layers.geglu.gradient);
  });

  test("a block of adaLN-zero", async () => {
    const block = transformerBlock("b", { width: 4, heads: 2, feedForward: "gelu" }, 5);
    const run = slopes(({ x, condition }: { x: Traced; condition: Traced }, p: TracedParams) => {
      const result = block.apply(p, x, condition);
      condition.dispose();
      return result;
    });
    let t = 62;
    const own = Object.fromEntries(
      Object.entries(block.parameters).map(([layer, { weight, bias }]) => {
        t += 2;
        return [
          layer,
          { weight: formulaTensor(weight!.shape, t - 2, 0.5), bias: formulaTensor(bias!.shape, t - 1, 0.5) },
        ];
      }),
    );
    const found = await run(
      { x: formulaTensor([2, 3, 4], 60), condition: formulaTensor([2, 5], 61) },
      own,
      formulaTensor([2, 3, 4], 76),
    );
    close(found.result, golden.block.result, 4);
    close(found.gradient.x, golden.block.gradient.x, 3);
    close(found.gradient.condition, golden.block.gradient.condition, 4);
  });
});
