import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrderOf, relative } from "../../../golden/solvers/relative.ts";
import { randomKey, size, tensor } from "../../engine/index.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { innerAdam, innerSgd } from "../optimizers/index.ts";
import { atMostNormOf, clippedByAverage } from "./gradientNorm.ts";
import { crossEntropyOf } from "./innerLoss.ts";
import { truncated } from "./truncation.ts";
import { type InnerSchedule, unrolled } from "./unroll.ts";

const network = buildNetwork(mlp({ depth: 1, width: 6 }), [1, 3, 3], 3);
const start = network.init(randomKey(1));
const cotangent = network.init(randomKey(2));
const images = tensor(randomKey(3).normal(8 * 9), [8, 1, 3, 3]);
const labels = tensor(randomKey(4).uniform(8 * 3), [8, 3]);
const data = { images, labels };
const loss = crossEntropyOf(network, { images: (x, { gain }) => x.mul(gain!.reshape([-1, 1, 1, 1])) });

/** Minibatches and per-sample draws that are functions of the step. */
const schedule = (steps: number, window?: number): InnerSchedule => ({
  steps,
  window,
  step: (t) => ({
    rate: 0.1,
    rows: randomKey(5).fold(t).permutation(8, 5),
    each: { gain: tensor(randomKey(6).fold(t).uniform(5, 0.8, 1.2)) },
  }),
});

describe("truncated backpropagation", () => {
  test.each([innerSgd({ momentum: 0.9 }), innerAdam()])(
    "$name: a window is an unroll from where it starts",
    async (inner) => {
      const solver = unrolled(loss, inner);
      const whole = await solver.unroll(start, data, schedule(7));
      const windowed = await solver.unroll(start, data, schedule(7, 3));
      expect(windowed.states).toHaveLength(4);
      expect(inOrderOf(start, windowed.final)).toEqual(inOrderOf(start, whole.final));
      const got = await solver.pullback(windowed, cotangent);
      const tail = { ...whole, from: 4, states: whole.states.slice(4) };
      expect((await solver.pullback(tail, cotangent)).images).toEqual(got.images);
      expect(got.rates).toHaveLength(3);
      expect(relative(got.images.data, (await solver.pullback(whole, cotangent)).images.data)).toBeGreaterThan(1e-3);
    },
  );

  test("the images' gradient is that of finite differences, through minibatches and draws", async () => {
    const solver = unrolled(loss, innerSgd({ momentum: 0.5 }));
    const value = async (by: number, direction: Float32Array) => {
      const moved = tensor(
        direction.map((v, i) => images.data[i]! + by * v),
        images.shape,
      );
      const { final } = await solver.unroll(start, { images: moved, labels }, schedule(4));
      const [a, c] = [inOrderOf(start, final), inOrderOf(start, cotangent)];
      return a.reduce((sum, v, i) => sum + v * c[i]!, 0);
    };
    const gradient = await solver.pullback(await solver.unroll(start, data, schedule(4)), cotangent);
    const direction = randomKey(9).normal(size(images.shape));
    const expected = direction.reduce((sum, v, i) => sum + v * gradient.images.data[i]!, 0);
    const difference = ((await value(1e-2, direction)) - (await value(-1e-2, direction))) / 2e-2;
    expect(Math.abs(difference / expected - 1)).toBeLessThan(1e-2);
  });

  test("detached: the same as backpropagation for one step, and none of the later parameters' dependence for two", async () => {
    const solver = unrolled(loss, innerSgd());
    const gradientOf = async (steps: number) => {
      const trajectory = await solver.unroll(start, data, schedule(steps));
      return (await solver.pullback(trajectory, cotangent)).images.data.map((v) => -v);
    };
    const one = await solver.detached(start, data, schedule(1), cotangent);
    expect(relative(one.images.data, await gradientOf(1))).toBeLessThan(1e-6);
    const two = await solver.detached(start, data, schedule(2), cotangent);
    expect(relative(two.images.data, await gradientOf(2))).toBeGreaterThan(1e-4);
  });

  test("windows lie within the training, and random ones everywhere in it", () => {
    const truncation = { kind: "random", window: 3, total: 8, earliest: 1 } as const;
    const ends = new Set(Array.from({ length: 200 }, (_, s) => truncated(truncation, randomKey(s)).steps));
    expect([...ends].sort()).toEqual([4, 5, 6, 7, 8]);
    expect(truncated({ ...truncation, kind: "end" }, randomKey(0))).toEqual({ steps: 8, window: 3 });
    const stages = [0, 1, 2, 9].map((stage) =>
      truncated({ kind: "forward", window: 3, total: 8 }, randomKey(0), stage),
    );
    expect(stages.map((s) => s.steps)).toEqual([3, 6, 8, 8]);
    expect(() => truncated({ kind: "end", window: 9, total: 8 }, randomKey(0))).toThrow("does not fit");
    expect(() => truncated({ ...truncation, earliest: 6 }, randomKey(0))).toThrow("from 0 to 5");
  });
});

describe("gradient norms", () => {
  test("clipped to twice the running mean, which takes the norm in first", () => {
    const first = clippedByAverage(Float32Array.of(3, 4), undefined);
    expect([first.norm, first.average]).toEqual([5, 5]);
    expect([...first.gradient]).toEqual([3, 4]);
    const second = clippedByAverage(Float32Array.of(300, 400), first.average);
    expect(second.average).toBeCloseTo(54.5, 10);
    expect(Math.hypot(...second.gradient)).toBeCloseTo(109, 3);
    const broken = clippedByAverage(Float32Array.of(Number.NaN, 1), second.average);
    expect([...broken.gradient, broken.average]).toEqual([0, 0, second.average]);
  });

  test("never above the reference's norm, never turned", () => {
    const vector = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const bounded = atMostNormOf(Float32Array.from(a), Float32Array.from(b));
        expect(Math.hypot(...bounded)).toBeLessThanOrEqual(Math.hypot(...b) * (1 + 1e-5) + 1e-30);
        const factor = Math.hypot(...bounded) / (Math.hypot(...a) || 1);
        bounded.forEach((v, i) => {
          expect(Math.abs(v - a[i]! * factor)).toBeLessThan(1e-3);
        });
      }),
    );
    expect([...atMostNormOf(Float32Array.of(Number.NaN), Float32Array.of(1))]).toEqual([0]);
  });
});
