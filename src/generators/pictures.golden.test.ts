import type { Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import golden from "../../golden/generators/pictures.json" with { type: "json" };
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { compile, released, type Tensor, tensor, valueAndGradient } from "../engine/index.ts";
import { oneHot, type Params, type ShapeTable, type TracedParams } from "../hypotheses/index.ts";
import { pyramidSizes } from "./pyramid.ts";
import { makeGenerator } from "./registry.ts";
import type { AdversarialTraining, LossWithTerms } from "./training/training.ts";

const ground = (side: number) => ({
  name: "golden",
  shape: [1, side, side] as const,
  kind: "image" as const,
  classes: 2,
  normalisation: { scale: 1, mean: [0.3], std: [0.4] },
});
const labels = oneHot(Int32Array.of(0, 1), 2);

/** Parameters with the script's values, in the order of their layers. */
function numbered(shapes: ShapeTable, first: number): Params {
  let t = first;
  return Object.fromEntries(
    Object.entries(shapes).map(([layer, own]) => [
      layer,
      Object.fromEntries(
        Object.entries(own).map(([name, { shape }]) => {
          const gain = layer.includes("Norm") && name === "weight";
          return [name, formulaTensor(shape, t++, 0.4, gain ? 1 : 0)];
        }),
      ),
    ]),
  );
}

/** The layers whose names start so. */
const those = <T>(table: Readonly<Record<string, T>>, ...starts: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(table).filter(([layer]) => starts.some((start) => layer.startsWith(start))));

type Given = { [name: string]: Traced | { [name: string]: Traced } | TracedParams };

/** A loss, what is beside it, and its gradient in some parameters while others are held. */
async function pulled(
  loss: (params: TracedParams, given: never) => LossWithTerms,
  learning: Params,
  given: { readonly [name: string]: unknown },
  keepsBeside: boolean,
) {
  const run = compile(
    (p: TracedParams, own: Given & { held?: TracedParams }) => {
      const { held, ...rest } = own;
      const at = (q: TracedParams): LossWithTerms => {
        const [value, beside] = loss({ ...held, ...q }, rest as never);
        if (keepsBeside) return [value, beside];
        released(beside);
        return [value, {}];
      };
      const [[value, beside], gradient] = valueAndGradient(at)(p);
      return { loss: value, beside, gradient };
    },
    { name: "golden loss" },
  );
  const found = await run(learning, given as never);
  run.dispose();
  return found;
}

interface Expected {
  readonly loss: number;
  readonly gradient: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

function same(found: { loss: Tensor; gradient: Params }, expected: Expected): void {
  expect(found.loss.item()).toBeCloseTo(expected.loss, 4);
  for (const [layer, own] of Object.entries(expected.gradient))
    for (const [name, values] of Object.entries(own))
      for (const [i, value] of values.entries()) {
        const own = found.gradient[layer]![name]!.data[i]!;
        expect(Math.abs(own - value), `${layer}.${name} ${i}`).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
      }
}

test("CycleGAN: losses, gradients and the pool are PyTorch's in float64", async () => {
  const options = { channels: 2, blocks: 1, pool: 3 };
  const unbound = makeGenerator({ name: "cyclegan", options }, ground(6));
  const generator = unbound.domain!.from(formulaTensor([2, 1, 6, 6], 61));
  const training = generator.training as AdversarialTraining;
  const weights = numbered(those(generator.shapes, "to"), 0);
  const critic = numbered(training.critic.shapes, 100);
  const taken = tensor([1, 0, 1]);
  const pools: Params = {
    samplesPool: { images: formulaTensor([3, 1, 6, 6], 62), taken },
    domainPool: { images: formulaTensor([3, 1, 6, 6], 63), taken },
  };
  const places = tensor([0, 0, 1, 0, 1, 0], [2, 3]);
  const draws = {
    domain: formulaTensor([2, 1, 6, 6], 61),
    "samples.places": places,
    "samples.takes": tensor([1, 1]),
    "domain.places": places,
    "domain.takes": tensor([1, 0]),
  };
  const batch = { images: formulaTensor([2, 1, 6, 6], 60), labels, draws };
  const ofCritic = await pulled(
    training.criticLoss as never,
    critic,
    { ...batch, generator: { ...weights, ...pools } },
    false,
  );
  same(ofCritic, golden.cyclegan.critic);
  const ofGenerator = await pulled(training.generatorLoss as never, weights, { ...batch, critic, held: pools }, true);
  same(ofGenerator, golden.cyclegan.generator);
  const next = training.after!({ ...weights, ...pools }, ofGenerator.beside);
  for (const side of ["samples", "domain"] as const)
    for (const name of ["images", "taken"] as const)
      for (const [i, value] of golden.cyclegan.pools[side][name].entries())
        expect(next[`${side}Pool`]![name]!.data[i]).toBeCloseTo(value, 4);
});

test("SinGAN: losses and gradients of the second size are PyTorch's in float64", async () => {
  const generator = makeGenerator({ name: "singan", options: { channels: 2, depth: 2 } }, ground(8));
  expect(pyramidSizes([1, 8, 8], 0.75, 12)).toEqual([
    [5, 5],
    [6, 6],
    [8, 8],
  ]);
  const { stages } = generator.training as Extract<typeof generator.training, { stages: unknown }>;
  const stage = stages[1]!;
  const training = stage.training as AdversarialTraining;
  const all = numbered(those(generator.shapes, "size"), 0);
  const anchor = { anchor: { noise: formulaTensor([1, 5, 5], 70), amplitudes: tensor([1, 0.3, 0.2]) } };
  const critic = numbered(training.critic.shapes, 100);
  const batch = {
    images: formulaTensor([2, 1, 6, 6], 71, 0.8),
    labels,
    draws: { noise: formulaTensor([2, 25 + 36], 72), mix: tensor([0.25, 0.75]) },
  };
  const known = { ...those(all, "size0"), ...anchor };
  const own = those(all, "size1");
  expect(Object.keys(own)).toEqual(stage.trains);
  expect(Object.keys(known).sort()).toEqual([...stage.reads].sort());
  const ofCritic = await pulled(
    training.criticLoss as never,
    critic,
    { ...batch, generator: { ...known, ...own } },
    false,
  );
  same(ofCritic, golden.singan.critic);
  const ofGenerator = await pulled(training.generatorLoss as never, own, { ...batch, critic, held: known }, true);
  same(ofGenerator, golden.singan.generator);
});
