import { expect, test } from "vitest";
import { randomKey, resolveOptions, Tensor } from "../../engine/index.ts";
import type { Experts } from "../experts/experts.ts";
import { coordinatesOf, paramsAt } from "../experts/subspace.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { vectorOf } from "../solvers/parameterVector.ts";
import { expertSubspace } from "./expertSubspace.ts";
import { experts } from "./experts.ts";
import type { Feed, HypothesisSource } from "./source.ts";

const network = buildNetwork(mlp({ width: 4, depth: 1 }), [1, 2, 2], 2);
const [count, epochs] = [3, 4];

const trained: Experts = {
  network: network.spec,
  count,
  epochs,
  at: async (expert, epoch) => network.init(randomKey(7).fold(expert).fold(epoch)),
};

const feed: Feed = {
  real: () => Promise.reject(new Error("it trains on S")),
  synthetic: async () => ({
    images: new Tensor(randomKey(1).normal(16), [4, 1, 2, 2], "float32"),
    labels: Int32Array.of(0, 0, 1, 1),
  }),
  experts: async () => trained,
  mix: () => {
    throw new Error("it does not mix");
  },
};

const given = { networks: count, expertEpochs: epochs, earliest: 0, latest: 2, span: 2, every: 3 };
const own = (options: object) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(options, name)));
const sources: [string, () => HypothesisSource][] = [
  ["experts", () => experts.make(resolveOptions("", experts.options, own(experts.options)), network, randomKey(5))],
  [
    "expert-subspace",
    () =>
      expertSubspace.make(
        resolveOptions("", expertSubspace.options, { ...own(expertSubspace.options), augmented: false }),
        network,
        randomKey(5),
      ),
  ],
];

const values = (source: HypothesisSource, step: number, many: number, kept = {}) =>
  source.at(step, many, kept, feed).then((now) => now.hypotheses.map(({ params }) => Array.from(vectorOf(params))));

test.each(sources)(
  "%s gives as many hypotheses as are asked for, the principal one whatever the number",
  async (_, make) => {
    const many = await values(make(), 0, 4);
    expect(many).toHaveLength(4);
    expect(await values(make(), 0, 1)).toEqual(many.slice(0, 1));
    expect(await values(make(), 0, 4)).toEqual(many);
    expect(new Set(many.map(String)).size).toBeGreaterThan(1);
  },
);

test("segments beside the first have targets of their own", async () => {
  const { hypotheses } = await sources[0]![1]().at(0, 3, {}, feed);
  for (const { params, target } of hypotheses) expect(vectorOf(target!)).not.toEqual(vectorOf(params));
});

test("hypotheses beside a student lie in its subspace, and stay for as long as it serves", async () => {
  const source = sources[1]![1]();
  const first = await source.at(0, 3, {}, feed);
  for (const { params, subspace } of first.hypotheses) {
    const projected = vectorOf(paramsAt(coordinatesOf(params, subspace!), subspace!));
    const gaps = vectorOf(params).map((v, i) => Math.abs(v - projected[i]!));
    expect(Math.max(...gaps)).toBeLessThan(1e-5);
  }
  const kept = await source.after(0, first.hypotheses, first.kept, feed);
  const second = await source.at(1, 3, kept, feed);
  expect(second.hypotheses[1]).toBe(first.hypotheses[1]);
  expect(second.hypotheses[0]).not.toBe(first.hypotheses[0]);
});
