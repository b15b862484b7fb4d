import { numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import golden from "../../golden/generators/variational.json" with { type: "json" };
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { compile, type OptionValues, size, type Tensor, tensor, valueAndGradient } from "../engine/index.ts";
import { oneHot, type Params, type TracedParams } from "../hypotheses/index.ts";
import { averagedCodebook } from "./codebook.ts";
import { gaussianKl } from "./gaussianCode.ts";
import type { Generator } from "./generator.ts";
import { makeGenerator } from "./registry.ts";
import type { LossInputs, OwnTraining } from "./training/training.ts";

const classes = 3;
const ground = {
  name: "golden",
  shape: [1, 3, 4] as const,
  kind: "image" as const,
  classes,
  normalisation: { scale: 1, mean: [0.3], std: [0.4] },
};
const images = formulaTensor([4, 1, 3, 4], 50, 0.5);
const labels = oneHot(Int32Array.of(2, 0, 1, 0), classes);
const draws = { noise: formulaTensor([4, 2], 51), prior: formulaTensor([4, 2], 52) };
const small = { width: 5, depth: 2, z: 2 };

type Gradient = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** Parameters with the script's values, in the order of their layers. */
function goldenParams({ shapes }: Generator): Params {
  let t = 0;
  const params: Params = {};
  for (const [layer, own] of Object.entries(shapes)) {
    if (layer === "prior" || layer === "average") continue;
    const fan = own.weight?.shape[1];
    const each = Object.entries(own).map(([name, { shape }]) => [
      name,
      formulaTensor(shape, t++, fan ? Math.sqrt(1 / fan) : 0.4),
    ]);
    params[layer] = Object.fromEntries(each);
  }
  return params;
}

const make = (name: string, options: OptionValues) =>
  makeGenerator({ name, options: { ...small, ...options } }, ground);

/** Loss, what is beside it, and the gradient in all parameters. */
async function lossOf(generator: Generator, own: typeof draws | Record<string, never>, params: Params) {
  const training = generator.training as OwnTraining;
  const pulled = compile(
    (p: TracedParams, batch: LossInputs) => {
      const [[loss, beside], gradient] = valueAndGradient((at: TracedParams) => training.loss(at, batch))(p);
      return { loss, beside, gradient };
    },
    { name: "golden loss" },
  );
  const found = await pulled(params, { images, labels, draws: own });
  pulled.dispose();
  return found;
}

const close = (found: Tensor, expected: readonly number[], digits = 5) => {
  expect(found.data.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found.data[i]).toBeCloseTo(value, digits);
};

function sameGradient(found: Params, expected: Gradient): void {
  for (const [layer, own] of Object.entries(expected))
    for (const [name, values] of Object.entries(own)) close(found[layer]![name]!, values);
}

test("the divergence of a Gaussian code is PyTorch's", async () => {
  const kl = compile(gaussianKl, { name: "divergence" });
  const found = await kl(tensor([0.5, -1], [1, 2]), tensor([0.2, -0.3], [1, 2]));
  expect(golden.kl).toBeCloseTo(0.656110489420944, 12);
  expect(found.item()).toBeCloseTo(golden.kl, 6);
});

describe("loss and gradients of all weights are PyTorch's in float64", () => {
  const cases: readonly [string, OptionValues, { loss: number; gradient: Gradient }][] = [
    ["vae", {}, golden.vae],
    ["vae", { likelihood: "gaussian", deviation: 0.7 }, golden.vaeGaussian],
    ["beta-vae", { beta: 4 }, golden.betaVae],
    ["cvae", {}, golden.cvae],
    ["info-vae", { alpha: 0.4, lambda: 10 }, golden.infoVae],
  ];
  test.each(cases)("%s %j", async (name, options, expected) => {
    const generator = make(name, options);
    const { loss, beside, gradient } = await lossOf(generator, draws, goldenParams(generator));
    expect(loss.item()).toBeCloseTo(expected.loss, 5);
    expect(Object.values(beside).reduce((sum, term) => sum + term.item(), 0)).toBeCloseTo(expected.loss, 5);
    sameGradient(gradient, expected.gradient);
  });

  test("vq-vae, whose codebook moves by gradients", async () => {
    const generator = make("vq-vae", { positions: 2, entries: 3, beta: 0.3, codebook: "gradient" });
    const { loss, beside, gradient } = await lossOf(generator, {}, goldenParams(generator));
    const { terms } = golden.vqGradient;
    expect(loss.item()).toBeCloseTo(golden.vqGradient.loss, 5);
    for (const [name, value] of Object.entries(terms)) expect(beside[name]!.item()).toBeCloseTo(value, 5);
    sameGradient(gradient, golden.vqGradient.gradient);
    expect(new Set(golden.vqGradient.nearest).size).toBeGreaterThan(1);
  });

  test("vq-vae, whose codebook is running means: two updates", async () => {
    const generator = make("vq-vae", { positions: 2, entries: 3, beta: 0.3, codebook: "average" });
    const params = goldenParams(generator);
    const entries = params.codebook!.entries!;
    const average = { counts: tensor([1, 1, 1]), sums: entries };
    const { loss, beside, gradient } = await lossOf(generator, {}, { ...params, average });
    expect(loss.item()).toBeCloseTo(golden.vqAverage.loss, 5);
    expect(Array.from(gradient.codebook!.entries!.data).every((g) => g === 0)).toBe(true);
    let now: Params = { ...params, average };
    const seen = { counts: beside.counts!, sums: beside.sums! };
    for (let k = 0; k < 2; k++) now = averagedCodebook(now, seen, 0.9);
    close(now.average!.counts!, golden.vqAverage.counts);
    close(now.average!.sums!, golden.vqAverage.sums);
    close(now.codebook!.entries!, golden.vqAverage.entries);
  });
});

test("gradients in a code are the slopes of what is decoded", async () => {
  const generator = make("cvae", {});
  const { encoder1, encoder2, mean, logVariance, ...decoder } = goldenParams(generator);
  const bar = formulaTensor([2, 1, 3, 4], 70);
  const value = compile(
    (
      codes: { z: ReturnType<typeof np.array>; class: ReturnType<typeof np.array> },
      p: TracedParams,
      w: ReturnType<typeof np.array>,
    ) => {
      const [[loss], gradient] = valueAndGradient((z: ReturnType<typeof np.array>) => [
        np.sum(generator.decode(p, { z, class: codes.class }, 0).mul(w)),
        {},
      ])(codes.z);
      return { loss, gradient };
    },
    { name: "decoded sum" },
  );
  const codes = { z: formulaTensor([2, 2], 60), class: oneHot(Int32Array.of(1, 2), classes) };
  const at = async (z: Tensor) => value({ ...codes, z }, decoder, bar);
  const { gradient } = await at(codes.z);
  for (let i = 0; i < size([2, 2]); i++) {
    const moved = (step: number) => at(codes.z.map((v, j) => (i === j ? v + step : v)));
    const slope = ((await moved(0.01)).loss.item() - (await moved(-0.01)).loss.item()) / 0.02;
    expect(gradient.data[i]).toBeCloseTo(slope, 2);
  }
});
