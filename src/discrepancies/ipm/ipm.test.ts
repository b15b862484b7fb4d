import { describe, expect, test } from "vitest";
import { formulaMeasure, points, uniform } from "../../../golden/discrepancies/measure.ts";
import { randomKey, type Tensor, tensor } from "../../engine/index.ts";
import { mlp } from "../../hypotheses/index.ts";
import { features } from "../criterion/index.ts";
import { networkOf, rowsOf, weightsOf } from "../measures/index.ts";
import { measurableNamed } from "../registry.ts";
import { criticDiscrepancy, criticValues, meanFeatures, trainCritic } from "./index.ts";

const [ipm, critic] = [measurableNamed("ipm"), measurableNamed("ipm-critic")];
const context = { seed: 2, network: mlp({ depth: 1, width: 16 }) };

/** n normal points of dimension d, moved and stretched. */
const normal = (name: string, n: number, d: number, shift: number, stretch: number, seed: number) =>
  points(
    name,
    randomKey(seed)
      .normal(n * d)
      .map((v) => shift + stretch * v),
    d,
  );

describe("ipm", () => {
  const [a, b] = [formulaMeasure(21, 90), formulaMeasure(17, 91)];

  test("is the supremum over linear heads of norm 1 on the features", async () => {
    const network = networkOf(mlp({ depth: 1, width: 16 }), [1, 1, 6], 3);
    const params = network.init(randomKey(4));
    const mean = await meanFeatures(network, params, { measure: a, share: 1 });
    const other = await meanFeatures(network, params, { measure: b, share: 1 });
    const difference = mean.mean.map((v, j) => v - other.mean[j]!);
    const norm = Math.hypot(...difference);
    const value = async (w: Float64Array) => {
      const expectation = async (m: typeof a) => {
        const psi: Tensor = await features({ network, params }, m);
        return weightsOf(m).reduce(
          (s, weight, i) => s + weight * w.reduce((t, v, j) => t + v * psi.data[i * 16 + j]!, 0),
          0,
        );
      };
      return Math.abs((await expectation(a)) - (await expectation(b)));
    };
    expect(await value(difference.map((v) => v / norm))).toBeCloseTo(norm, 6);
    for (let k = 0; k < 20; k++) {
      const w = Float64Array.from(randomKey(k).normal(16));
      expect(await value(w.map((v) => v / Math.hypot(...w)))).toBeLessThanOrEqual(norm + 1e-6);
    }
  });

  test("zero on equal measures, symmetric, blind to order and to labels", async () => {
    expect((await ipm.measure(a, { ...a }, context)).value).toBe(0);
    const { value, stderr, bound } = await ipm.measure(a, b, context);
    expect(value).toBeGreaterThan(0);
    expect([stderr, bound]).toEqual([Number.NaN, "lower"]);
    expect((await ipm.measure(b, a, context)).value).toBeCloseTo(value, 6);
    const reversed = rowsOf(
      a,
      Array.from({ length: 21 }, (_, i) => 20 - i),
    );
    expect((await ipm.measure(reversed, b, context)).value).toBeCloseTo(value, 5);
    expect((await ipm.measure({ ...a, labels: a.labels.map(() => 0) }, b, context)).value).toBe(value);
  });

  test("over linear maps means are all it sees; over networks variance too", async () => {
    const [narrow, wide] = [normal("narrow", 400, 2, 0, 1, 1), normal("wide", 400, 2, 0, 2, 1)];
    const centred = [narrow, wide].map((m) => {
      const [x, y] = [0, 1].map((j) =>
        Array.from(m.points.data).reduce((s, v, i) => s + (i % 2 === j ? v / 400 : 0), 0),
      );
      return {
        ...m,
        points: tensor(
          Float32Array.from(m.points.data, (v, i) => v - (i % 2 === 0 ? x! : y!)),
          [400, 2],
        ),
      };
    }) as [typeof narrow, typeof wide];
    // A ReLU that never switches is a linear map: far on its positive side the network is one.
    const network = networkOf(mlp({ depth: 1, width: 8 }), [1, 1, 2], 2);
    const params = network.init(randomKey(3));
    const linear = { ...params, linear1: { ...params.linear1!, bias: tensor(new Float32Array(8).fill(100)) } };
    const distance = async (p: typeof params) => {
      const [f, g] = [
        await meanFeatures(network, p, { measure: centred[0], share: 1 }),
        await meanFeatures(network, p, { measure: centred[1], share: 1 }),
      ];
      return Math.hypot(...f.mean.map((v, j) => v - g.mean[j]!));
    };
    expect(await distance(linear)).toBeLessThan(1e-4);
    expect(await distance(params)).toBeGreaterThan(0.1);
  });

  test("a sample's value agrees with the whole's within its standard error", async () => {
    const [x, y] = [normal("x", 1000, 4, 0, 1, 5), normal("y", 1000, 4, 0.3, 1, 6)];
    const exact = await ipm.measure(x, y, context, { points: 0, networks: 1 });
    const sample = await ipm.measure(x, y, context, { points: 250, networks: 1 });
    expect(sample.stderr).toBeGreaterThan(0);
    expect(Math.abs(sample.value - exact.value)).toBeLessThan(3 * sample.stderr);
  });

  test("trained networks on either side", async () => {
    const { estimator, value } = await ipm.measure(a, b, context, { trained: true, networks: 1, steps: 10 });
    expect(estimator).toContain("2 trained mlp");
    expect(value).toBeGreaterThan(0);
  });
});

describe("ipm-critic", () => {
  const settings = { steps: 150, rate: 0.01 };
  const near = normal("near", 300, 3, 0, 1, 1);

  test("near 0 for two samples of one distribution, near its bound for far ones, in between for overlapping ones", async () => {
    const again = await critic.measure(near, normal("again", 300, 3, 0, 1, 2), context, settings);
    expect(again.value).toBeLessThan(4 * again.stderr);
    const far = await critic.measure(near, normal("far", 300, 3, 6, 1, 3), context, settings);
    expect(far.value).toBeGreaterThan(1.9);
    expect(far.value).toBeLessThanOrEqual(2);
    // Twice the total variation distance of N(0, 1) and N(1, 1) in each of three dimensions: 2 (2 Φ(√3 / 2) − 1) = 1.23.
    const moved = await critic.measure(near, normal("moved", 300, 3, 1, 1, 4), context, settings);
    expect(moved.value).toBeGreaterThan(0.8);
    expect(moved.value).toBeLessThan(1.23 + 3 * moved.stderr);
  });

  test("zero on equal measures, symmetric", async () => {
    expect((await critic.measure(near, { ...near }, context, { ...settings, steps: 5 })).value).toBe(0);
    const other = normal("other", 200, 3, 0.7, 1, 8);
    const [ab, ba] = [
      await critic.measure(near, other, context, settings),
      await critic.measure(other, near, context, settings),
    ];
    expect(ba.value).toBeCloseTo(ab.value, 3);
  });

  test("is not overfitted: what it reads on its own half is larger", async () => {
    const network = networkOf(mlp({ depth: 1, width: 64 }), [1, 1, 3], 1);
    const [x, y] = [normal("x", 40, 3, 0, 1, 10), normal("y", 40, 3, 0, 1, 11)];
    const training = { steps: 300, batch: 20, learningRate: 0.01 };
    const params = await trainCritic(network, x, y, training, randomKey(1));
    const mean = async (m: typeof x) => (await criticValues(network, params, m)).reduce((s, v) => s + v / 40, 0);
    expect((await mean(x)) - (await mean(y))).toBeGreaterThan(0.5);
    const { value, stderr } = await criticDiscrepancy(network, x, y, training, randomKey(1));
    expect(value).toBeLessThan(3 * stderr);
  });

  test("one point has no halves", async () => {
    const one = uniform(formulaMeasure(1, 90));
    await expect(critic.measure(one, formulaMeasure(5, 90), context)).rejects.toMatchObject({
      code: "one-sample",
      exitCode: 2,
    });
  });
});
