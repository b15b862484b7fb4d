import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../../../golden/discrepancies/wasserstein.json" with { type: "json" };
import { compile, oracle, randomKey, type Tensor, tensor } from "../../../engine/index.ts";
import { wassersteinDistance } from "../exact.ts";
import { distanceMatrix } from "../ground/distances.ts";
import { euclidean } from "../ground/metric.ts";
import { weightedPoints } from "../ground/weightedPoints.ts";
import { entropicTransport, sinkhornGradient } from "./divergence.ts";
import { potentialsBetween } from "./potentials.ts";
import { softminBetween, stored } from "./softmin.ts";
import { sinkhornDivergence, type TracedSinkhornOptions } from "./traced.ts";

const a = { points: tensor(golden.x, [14, 3]), weights: Float64Array.from(golden.a) };
const b = { points: tensor(golden.y, [11, 3]), weights: Float64Array.from(golden.b) };
const cloud = (n: number, d: number, seed: number) => ({ points: tensor(randomKey(seed).normal(n * d), [n, d]) });
const reversed = ({ points }: { points: Tensor }) => {
  const [n, d] = points.shape as [number, number];
  const rows = Array.from({ length: n }, (_, i) => [...points.rows(n - 1 - i, n - i).data]);
  return { points: tensor(rows.flat(), [n, d]) };
};
const relative = (value: number, expected: number) => Math.abs(value - expected) / Math.abs(expected);

test.each(golden.sinkhorn)("POT: p = $p, ε = $epsilon", async ({ p, epsilon, transport, divergence }) => {
  const found = await entropicTransport(a, b, { p, epsilon, tolerance: 1e-11, most: 20_000 });
  expect(relative(found.transport, transport)).toBeLessThan(1e-9);
  expect(relative(found.divergence, divergence)).toBeLessThan(1e-8);
  expect(found.marginalError).toBeLessThan(1e-11);
});

test("tends to the Wasserstein metric as ε falls", async () => {
  for (const p of [1, 2]) {
    const exact = (await wassersteinDistance(a, b, { p })) ** p;
    const errors = [];
    for (const epsilon of [1, 0.1, 0.01]) {
      const { divergence } = await entropicTransport(a, b, { p, epsilon, most: 20_000 });
      errors.push(relative(divergence, exact));
    }
    expect(errors[1]).toBeLessThan(errors[0]!);
    expect(errors[2]).toBeLessThan(errors[1]!);
    expect(errors[2]).toBeLessThan(5e-3);
  }
});

test("zero from a measure to itself, symmetric, not negative, as far as the marginals are met", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), async (s, n, m) => {
      const [u, v] = [cloud(n, 2, s), cloud(m, 2, s + 1)];
      const options = { epsilon: 0.3, tolerance: 1e-8, most: 5000 };
      // An isolated point makes Sinkhorn's steps slow: mass still missing at `most` costs up to the potentials' range.
      const slack = (...found: { marginalError: number }[]) =>
        1e-6 + 20 * Math.max(...found.map((x) => x.marginalError));
      expect((await entropicTransport(u, u, options)).divergence).toBe(0);
      const same = await entropicTransport(u, reversed(u), options);
      expect(Math.abs(same.divergence)).toBeLessThan(slack(same));
      const [there, back] = [await entropicTransport(u, v, options), await entropicTransport(v, u, options)];
      expect(there.divergence).toBeGreaterThan(-slack(there));
      expect(Math.abs(there.divergence - back.divergence)).toBeLessThan(slack(there, back));
    }),
    { numRuns: 25 },
  );
});

test("blocks in the engine take the steps of the stored matrix", async () => {
  const [u, v] = [weightedPoints(cloud(1500, 20, 1)), weightedPoints(cloud(1401, 20, 2))];
  for (const p of [1, 2]) {
    const distances = await distanceMatrix(u, v, euclidean);
    const host = stored(
      distances.map((d) => d ** p),
      u.weights,
      v.weights,
    );
    const engine = await softminBetween(u, v, p, euclidean);
    const g = Float64Array.from(randomKey(3).normal(v.count));
    const f = Float64Array.from(randomKey(4).normal(u.count));
    for (const [found, expected] of [
      [await engine.rows(g, 0.7), await host.rows(g, 0.7)],
      [await engine.columns(f, 0.7), await host.columns(f, 0.7)],
    ] as const)
      for (const [i, value] of expected.entries()) expect(relative(found[i]!, value)).toBeLessThan(2e-5);
  }
});

test("large sets, started on a subsample, reach the optimum of the stored problem", async () => {
  const [x, y] = [weightedPoints(cloud(1500, 5, 1)), weightedPoints(cloud(1400, 5, 2))];
  const large = await potentialsBetween(x, y, 2, euclidean, 2, { tolerance: 5e-4 });
  const onTheHost = (...[u, i, v, j, d]: Parameters<typeof euclidean>) => euclidean(u, i, v, j, d);
  const host = await potentialsBetween(x, y, 2, onTheHost, 2, { tolerance: 5e-4 });
  expect(large.marginalError).toBeLessThan(5e-4);
  expect(relative(large.value, host.value)).toBeLessThan(1e-5);
});

test("gradient by the envelope theorem against finite differences", async () => {
  for (const p of [1, 2, 3]) {
    const options = { p, epsilon: 0.2, tolerance: 1e-12, most: 20_000 };
    const gradient = await sinkhornGradient(a, b, options);
    for (const k of [0, 10, 25, 41]) {
      const step = 2 ** -10;
      const at = async (h: number) => {
        const moved = tensor(golden.x, [14, 3]);
        moved.data[k] = moved.data[k]! + h;
        return { value: (await entropicTransport({ ...a, points: moved }, b, options)).divergence, x: moved.data[k]! };
      };
      const [up, down] = [await at(step), await at(-step)];
      const slope = (up.value - down.value) / (up.x - down.x);
      expect(Math.abs(gradient[k]! - slope)).toBeLessThan(1e-5);
    }
  }
});

describe("traced", () => {
  const [x, y] = [a.points, b.points];
  const wa = tensor(Float32Array.from(golden.a));
  const wb = tensor(Float32Array.from(golden.b));
  type Options = Omit<TracedSinkhornOptions, "a" | "b">;
  const value = (options: Options) =>
    compile((s: Traced, t: Traced, u: Traced, v: Traced) => sinkhornDivergence(s, t, { ...options, a: u, b: v }));
  const slope = (options: Options) =>
    compile((s: Traced, t: Traced, u: Traced, v: Traced) =>
      grad((q: Traced) => sinkhornDivergence(q, t, { ...options, a: u, b: v }))(s),
    );

  test.each(golden.sinkhorn)("the same value: p = $p, ε = $epsilon", async ({ p, epsilon, divergence }) => {
    const found = await value({ p, epsilon, iterations: 60, from: 10 })(x, y, wa, wb);
    expect(relative(found.item(), divergence)).toBeLessThan(p === 2 ? 2e-5 : 5e-4);
  });

  test("at convergence both gradients are the envelope theorem's", async () => {
    const exact = await sinkhornGradient(a, b, { epsilon: 0.5, tolerance: 1e-12, most: 20_000 });
    for (const gradient of ["envelope", "through"] as const) {
      const found = await slope({ epsilon: 0.5, iterations: 60, from: 10, gradient })(x, y, wa, wb);
      for (const [k, expected] of exact.entries()) expect(Math.abs(found.data[k]! - expected)).toBeLessThan(2e-4);
    }
  });

  test("before convergence the gradient through the iterations is that of the value", async () => {
    const options = { epsilon: 0.5, iterations: 3, gradient: "through" } as const;
    const gradient = await slope(options)(x, y, wa, wb);
    const of = value(options);
    for (const k of [1, 20, 33]) {
      const at = async (h: number) => {
        const moved = tensor(golden.x, [14, 3]);
        moved.data[k] = moved.data[k]! + h;
        return (await of(moved, y, wa, wb)).item();
      };
      expect(Math.abs(gradient.data[k]! - ((await at(0.02)) - (await at(-0.02))) / 0.04)).toBeLessThan(1e-3);
    }
  });

  test("second derivatives go through", async () => {
    const options = { epsilon: 0.5, iterations: 3, gradient: "through" } as const;
    const norm = (q: Traced, t: Traced) => np.sum(np.square(grad((r: Traced) => sinkhornDivergence(r, t, options))(q)));
    const second = compile((s: Traced, t: Traced) => grad((q: Traced) => norm(q, t))(s));
    const first = compile(norm, { executor: oracle() });
    const gradient = await second(x, y);
    const at = async (h: number) => {
      const moved = tensor(golden.x, [14, 3]);
      moved.data[4] = moved.data[4]! + h;
      return (await first(moved, y)).item();
    };
    const expected = ((await at(0.02)) - (await at(-0.02))) / 0.04;
    expect(Math.abs(gradient.data[4]! - expected)).toBeLessThan(2e-3 * Math.max(1, Math.abs(expected)));
  });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("ε = %d is refused", async (epsilon) => {
  await expect(entropicTransport(a, b, { epsilon })).rejects.toMatchObject({ exitCode: 2, code: "bad-option" });
});
