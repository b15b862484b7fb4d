import { beforeAll, describe, expect, test } from "vitest";
import { randomKey, tensor } from "../src/engine/index.ts";
import { buildNetwork, convnet, fieldRecipe, type Recipe } from "../src/hypotheses/index.ts";
import type { BenchCase } from "./case.ts";
import { trainingEpochOf } from "./cases/trainingEpoch.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { compare } from "./parity.ts";
import { firstRuns, parityOf } from "./peerParity.ts";

const network = () => buildNetwork(convnet({ width: 16, depth: 2 }), [1, 28, 28], 10);
const body = trainingEpochOf(fieldRecipe);
const { tensors } = await body.prepare(network());

const runsWith = async (changes: Partial<Recipe>): Promise<NamedTensors[]> => {
  const other: BenchCase = trainingEpochOf({ ...fieldRecipe, ...changes });
  return firstRuns(other, (await other.prepare(network())).run);
};

/** Results off by as much as two float32 implementations were seen to be: vectors by 5e-4 of their size or movement, numbers by 1e-7. */
function rounded(results: readonly NamedTensors[]): NamedTensors[] {
  return results.map((result, run) =>
    Object.fromEntries(
      Object.entries(result).map(([name, { data, shape }]) => {
        const noise = randomKey(run).fold(name).normal(data.length);
        const start = tensors[name]?.data;
        let moved = 0;
        for (let i = 0; i < data.length; i++) moved += (data[i]! - (start?.[i] ?? 0)) ** 2;
        const scale = (data.length > 1 ? 5e-4 : 1e-7) * Math.sqrt(moved / data.length);
        return [
          name,
          tensor(
            Float32Array.from(data, (v, i) => v + scale * noise[i]!),
            shape,
          ),
        ];
      }),
    ),
  );
}

describe("a training epoch's peer", () => {
  let ours: NamedTensors[];
  beforeAll(async () => {
    ours = await runsWith({});
  });
  const parityWith = async (changes: Partial<Recipe>) =>
    parityOf(body, { tensors }, ours, rounded(await runsWith(changes)));

  test("that does the same but for rounding is accepted", async () => {
    const { equal, share } = await parityWith({});
    expect(equal).toBe(true);
    expect(share).toBeGreaterThan(0);
  });

  test.each([
    ["without weight decay", { weightDecay: 0 }],
    ["with half the weight decay", { weightDecay: 2.5e-4 }],
    ["with another momentum", { momentum: 0.85 }],
    ["with another learning rate", { learningRate: 0.0098 }],
  ])("%s is refused", async (_, changes) => {
    expect((await parityWith(changes)).equal).toBe(false);
  });
});

test("a state is compared by how far it moved, other tensors by their size", () => {
  const start = { "params.a": tensor([100, 0]) };
  const [ours, theirs] = [tensor([100, 1.01]), tensor([100, 1])];
  const state = compare({ "params.a": ours }, { "params.a": theirs }, { states: start });
  expect(state.errors.params!.error).toBeCloseTo(0.01, 6);
  const value = compare({ "params.a": ours }, { "params.a": theirs });
  expect(value.errors.params!.error).toBeCloseTo(0.01 / Math.hypot(100, 1), 8);
});

test("a length is compared more strictly than a direction", () => {
  const theirs = { "gradient.a": tensor([1, 0]) };
  expect(compare({ "gradient.a": tensor([1, 2e-3]) }, theirs).equal).toBe(true);
  expect(compare({ "gradient.a": tensor([1 + 2e-3, 0]) }, theirs).equal).toBe(false);
});

test("what is not a number is not equal, and names must agree", () => {
  expect(compare({ loss: tensor(Number.NaN) }, { loss: tensor(1) }).equal).toBe(false);
  expect(() => compare({ loss: tensor(1) }, { distance: tensor(1) })).toThrow(RangeError);
  expect(() => compare({ loss: tensor([1, 2]) }, { loss: tensor(1) })).toThrow(RangeError);
});
