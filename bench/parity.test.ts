import { beforeAll, describe, expect, test } from "vitest";
import { randomKey, tensor } from "../src/engine/index.ts";
import { buildNetwork, convnet, fieldRecipe, type Recipe } from "../src/hypotheses/index.ts";
import { trainingEpochOf } from "./cases/trainingEpoch.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { compare, errorsOf, margin, parityText, type Reference, reachOf, worst } from "./parity.ts";
import { firstRuns, parityOf } from "./peerParity.ts";
import { mostSmooth, smooth } from "./smoothParity.ts";

const network = () => buildNetwork(convnet({ width: 8, depth: 2, ...smooth }), [1, 28, 28], 10);
const body = trainingEpochOf(fieldRecipe);

const runsWith = async (changes: Partial<Recipe>): Promise<NamedTensors[]> =>
  firstRuns(body, (await trainingEpochOf({ ...fieldRecipe, ...changes }).prepare(network())).run);

/** Results off by what float32 was seen to lose in a training epoch: 2e-6 of a gradient, whose steps are a hundredth of it, and a rounding of a loss. */
function rounded(results: readonly NamedTensors[]): NamedTensors[] {
  const scales: Record<string, number> = { loss: 1e-7, velocity: 2e-6, params: 2e-8 };
  return results.map((result, run) =>
    Object.fromEntries(
      Object.entries(result).map(([name, t]) => {
        const noise = randomKey(run).fold(name).normal(t.data.length);
        const size = Math.hypot(...t.data) / Math.sqrt(t.data.length);
        return [name, t.map((v, i) => v + scales[name.split(".")[0]!]! * size * noise[i]!)];
      }),
    ),
  );
}

describe("a training epoch", () => {
  let tensors: NamedTensors;
  let reference: Reference;
  beforeAll(async () => {
    tensors = (await body.prepare(network())).tensors;
    const results = await runsWith({});
    const states = Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith("params.")));
    reference = { results, reach: reachOf([rounded(results)], results, states) };
  });
  const parityWith = async (changes: Partial<Recipe>) =>
    parityOf(body, { tensors }, reference, [rounded(await runsWith(changes))], mostSmooth);

  test("that is right but for rounding is accepted", async () => {
    const { equal, share } = await parityWith({});
    expect(equal).toBe(true);
    expect(share).toBeGreaterThan(0);
  });

  test.each([
    ["without weight decay", { weightDecay: 0 }],
    ["with half the weight decay", { weightDecay: 2.5e-4 }],
    ["with another momentum", { momentum: 0.899 }],
    ["with another learning rate", { learningRate: 0.00998 }],
  ])("%s is refused", async (_, changes) => {
    expect((await parityWith(changes)).equal).toBe(false);
  });
});

test("a state is compared by how far it moved, other results by their size", () => {
  const start = { "params.a": tensor([100, 0]) };
  const [ours, exact] = [{ "params.a": tensor([100, 1.01]) }, { "params.a": tensor([100, 1]) }];
  expect(errorsOf(ours, exact, start).params).toBeCloseTo(0.01, 6);
  expect(errorsOf(ours, exact).params).toBeCloseTo(0.01 / Math.hypot(100, 1), 8);
});

test("float32's reach is the farthest of its runs, and no less than what storing a result costs", () => {
  const exact = [{ "params.a": tensor([100, 1]), loss: tensor(1) }];
  const runs = [1.02, 0.99].map((v) => [{ "params.a": tensor([100, v]), loss: tensor(1) }]);
  const reach = reachOf(runs, exact, { "params.a": tensor([100, 0]) });
  expect(reach.params!.error).toBeCloseTo(0.02, 6);
  expect(reach.loss).toEqual({ stored: 4 * 2 ** -24, error: 4 * 2 ** -24 });
  expect(reachOf([exact], exact, { "params.a": tensor([100, 0]) }).params!.stored).toBeCloseTo(100 * 2 ** -24, 9);
});

const reference = (error: number, stored = 1e-7): Reference => ({
  results: [{ loss: tensor(1) }],
  reach: { loss: { stored, error } },
});
const side = (loss: number) => [{ loss: tensor(loss) }];

test("either side may be some times as far from float64 as PyTorch's float32", () => {
  const within = 1 + 0.9 * margin * 0.001;
  expect(compare([side(within), side(1)], reference(0.001)).equal).toBe(true);
  const beyond = 1 + 1.1 * margin * 0.001;
  expect(compare([side(1), side(beyond)], reference(0.001)).equal).toBe(false);
  const { errors } = compare([side(beyond), side(1)], reference(0.001));
  expect(errors.loss!.error).toBeCloseTo(beyond - 1, 6);
});

test("where PyTorch's float32 is too far off to tell, no more than the most is tolerated, or what storing costs", () => {
  const far = side(1 + 0.9 * margin * 0.002);
  expect(compare([far], reference(0.002)).equal).toBe(true);
  expect(compare([far], reference(0.002), {}, 0.001).equal).toBe(false);
  expect(compare([far], reference(0.002, 0.002), {}, 0.001).equal).toBe(true);
  expect(compare([side(1 + 1e-5)], reference(0.5), {}, 0.001).equal).toBe(true);
});

test("what is not a number is not equal, names must agree, the worse of two parities counts", () => {
  const broken = compare([side(Number.NaN)], reference(0.001));
  expect(broken.equal).toBe(false);
  const right = compare([side(1)], reference(0.001));
  expect(worst([right, broken])).toBe(broken);
  expect(worst([broken, right])).toBe(broken);
  expect(parityText(compare([side(1.006)], reference(0.001)))).toMatch(/^loss 6\.0e-3 from float64, 1\.0 times/);
  expect(() => errorsOf({ loss: tensor(1) }, { distance: tensor(1) })).toThrow(RangeError);
  expect(() => errorsOf({ loss: tensor([1, 2]) }, { loss: tensor(1) })).toThrow(RangeError);
});
