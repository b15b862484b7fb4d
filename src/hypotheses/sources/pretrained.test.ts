import { expect, test } from "vitest";
import { randomKey, resolveOptions, Tensor } from "../../engine/index.ts";
import { coordinatesOf, paramsAt } from "../experts/subspace.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { paramsOf, vectorOf } from "../solvers/parameterVector.ts";
import { expertSubspace } from "./expertSubspace.ts";
import { pretrained } from "./pretrained.ts";
import type { Feed, Hypothesis, HypothesisSource, Kept, SourceKind } from "./source.ts";

const network = buildNetwork(mlp({ width: 8, depth: 1 }), [1, 4, 4], 2);

/** Bright and dark images. */
async function images(count: number, key = randomKey(1)) {
  const labels = Int32Array.from(key.uniform(count), (u) => (u < 0.5 ? 0 : 1));
  const data = key.fold("noise").normal(count * 16);
  for (let i = 0; i < data.length; i++) data[i]! += labels[i >> 4]! * 4 - 2;
  return { images: new Tensor(data, [count, 1, 4, 4], "float32"), labels };
}
/** Experts whose states wander off from a random start. */
const experts: NonNullable<Feed["experts"]> = async ({ network: spec, count, recipe }) => ({
  network: spec,
  count,
  epochs: recipe.epochs,
  at: async (expert, epoch) => {
    const [start, towards] = [0, epoch].map((e) => vectorOf(network.init(randomKey(expert).fold(e))));
    return paramsOf(
      start!.map((v, i) => v + 0.1 * towards![i]!),
      network.init(randomKey(0)),
    );
  },
});
/** Teachers that are random, and better after every epoch; each is asked for once. */
const teachers: NonNullable<Feed["teachers"]> = async ({ recipe }) => ({
  at: async (member, epoch) => ({
    params: network.init(randomKey(member).fold(epoch)),
    accuracy: (epoch + 1) / recipe.epochs,
  }),
});
const feed = {
  real: images,
  experts,
  teachers,
  synthetic: () => images(6),
  mix: () => {
    throw new Error("it does not mix");
  },
} satisfies Feed;

const made = (kind: SourceKind, given: object): HypothesisSource =>
  kind.make(resolveOptions("source", kind.options, given as never), network, randomKey(5));

async function run(source: HypothesisSource, steps: number, count = 1, from = 0, start: Kept = {}) {
  let kept = start;
  const seen: (readonly Hypothesis[])[] = [];
  for (let step = from; step < steps; step++) {
    const now = await source.at(step, count, kept, feed);
    seen.push(now.hypotheses);
    kept = await source.after(step, now.hypotheses, now.kept, feed);
  }
  return { seen, kept };
}

const pool = { networks: 2, epochs: 3, images: 40, batch: 10, learningRate: 0.1 };
const subspace = {
  networks: 2,
  every: 2,
  students: 2,
  expertEpochs: 3,
  latest: 2,
  learningRate: 0.1,
  augmented: false,
};
const kinds = [
  ["pretrained", pretrained, { ...pool, every: 2, intermediate: true, untrained: 0.3 }],
  ["expert-subspace", expertSubspace, subspace],
] as const;

test.each(kinds)("%s goes on from what was kept as if it had not stopped", async (_, kind, given) => {
  const whole = await run(made(kind, given), 12);
  for (const stop of [1, 4, 7]) {
    const { kept } = await run(made(kind, given), stop);
    const rest = await run(made(kind, given), 12, 1, stop, kept);
    expect(rest.kept).toEqual(whole.kept);
    expect(rest.seen).toEqual(whole.seen.slice(stop));
  }
});

test("a pool has as many networks as it says after their last epoch, the same objects, and keeps nothing of them", async () => {
  const { seen, kept } = await run(made(pretrained, pool), 20);
  expect(new Set(seen.flat()).size).toBe(2);
  for (const { accuracy } of seen.flat()) expect(accuracy).toBe(1);
  expect(kept).toEqual({});
});

test("a step sees a network as it was after any of its epochs where that is asked for", async () => {
  const { seen } = await run(made(pretrained, { ...pool, networks: 1, intermediate: true }), 30);
  expect([...new Set(seen.flat())].map((h) => h.accuracy).sort()).toEqual([1 / 3, 2 / 3, 1]);
});

test("the request says what the options say", () => {
  const options = resolveOptions("source", pretrained.options, { ...pool, augmented: true });
  expect(pretrained.needs!(options, network.spec)).toEqual({
    teachers: {
      network: network.spec,
      count: 2,
      images: 40,
      everyEpoch: false,
      augmented: true,
      recipe: expect.objectContaining({
        epochs: 3,
        batch: 10,
        learningRate: 0.1,
        optimizer: "sgd",
        schedule: "constant",
      }),
    },
  });
});

test("a share of draws is untrained", async () => {
  const { seen } = await run(made(pretrained, { ...pool, untrained: 0.5 }), 60);
  const share = seen.flat().filter((h) => h.accuracy === 0).length / 60;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.75);
  const { seen: several } = await run(made(pretrained, { ...pool, untrained: 1 }), 1, 3);
  expect(new Set(several[0]!.map((h) => String(vectorOf(h.params)))).size).toBe(3);
});

test("students stay in the subspace of their expert, move, and change with it", async () => {
  const { seen } = await run(made(expertSubspace, subspace), 8);
  const students = seen.map(([h]) => h!);
  for (const { params, subspace: basis } of students) {
    const projected = vectorOf(paramsAt(coordinatesOf(params, basis!), basis!));
    for (const [i, v] of vectorOf(params).entries()) expect(projected[i]!).toBeCloseTo(v, 5);
  }
  expect(vectorOf(students[1]!.params)).not.toEqual(vectorOf(students[0]!.params));
  expect(students[3]!.subspace).toBe(students[0]!.subspace);
  expect(students[4]!.subspace).not.toBe(students[0]!.subspace);
});
