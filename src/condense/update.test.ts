import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveOptions, tensor } from "../engine/index.ts";
import { updateOf, updateOptions } from "./update.ts";

const [classes, share] = [3, 2];
const variables = { images: { perClass: true, rate: 1 } };
/** ∇ of Σ_i (a_i x_i² / 2 + b_i x_i): every element on its own, as classes are. */
const slope = (x: ArrayLike<number>) => Float32Array.from(x, (v, i) => (0.3 + 0.1 * i) * v + Math.sin(i));
const options = (given: object) => resolveOptions("the update", updateOptions, given as never);
const start = { images: tensor(Float32Array.of(1, -2, 0.5, 3, -1, 2), [classes * share]) };

/** Steps of an update where the gradient is taken as the loop takes it. */
function run(given: object, settings: { rate: number; momentum: number }, active: readonly number[][]) {
  const update = updateOf(options(given), { ...settings, steps: active.length, classes, variables });
  let standing = { variables: start as Record<string, typeof start.images>, kept: update.start(start) };
  active.forEach((visited, step) => {
    const at = { ...standing, step, active: visited };
    const g = slope(update.at(at).images!.data);
    const own = visited.flatMap((c) => Array.from(g.subarray(c * share, (c + 1) * share)));
    standing = update.apply(at, { images: tensor(Float32Array.from(own)) }) as typeof standing;
  });
  return Array.from(standing.variables.images!.data);
}

test("an update after every class equals the authors' loop: one momentum buffer, classes in turn", () => {
  const settings = fc.record({
    rate: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    momentum: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const visits = fc.array(fc.subarray([0, 1, 2], { minLength: 1 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(settings, visits, ({ rate, momentum }, active) => {
      const x = Array.from(start.images.data);
      const v = x.map(() => 0);
      for (const visited of active)
        for (const c of visited) {
          const g = slope(x);
          x.forEach((_, i) => {
            v[i] = momentum * v[i]! + (Math.floor(i / share) === c ? g[i]! : 0);
            x[i] = x[i]! - rate * v[i]!;
          });
        }
      run({ per: "class" }, { rate, momentum }, active).forEach((value, i) => {
        expect(Math.abs(value - x[i]!)).toBeLessThan(1e-4 * (1 + Math.abs(x[i]!)));
      });
    }),
  );
});

describe("one update for all classes", () => {
  test("SGD moves those that were visited", () => {
    const [a, b, c] = start.images.data;
    const g = slope(start.images.data);
    const got = run({}, { rate: 0.1, momentum: 0.5 }, [[0], [0]]);
    const once = a! - 0.1 * g[0]!;
    const twice = once - 0.1 * (0.5 * g[0]! + slope([once])[0]!);
    expect(got[0]).toBeCloseTo(twice, 5);
    expect(got.slice(2, 3)).toEqual([c]);
    expect(got[1]).not.toBe(b);
  });

  test("Adam's first step is the rate in every element; its rate falls to zero along a cosine", () => {
    const got = run({ rule: "adam" }, { rate: 0.1, momentum: 0.9 }, [[0, 1, 2]]);
    got.forEach((value, i) => {
      expect(Math.abs(value - start.images.data[i]!)).toBeCloseTo(0.1, 4);
    });
    const steps = Array.from({ length: 2 }, () => [0, 1, 2]);
    const constant = run({ rule: "adam" }, { rate: 0.1, momentum: 0.9 }, steps);
    const cosine = run({ rule: "adam", schedule: "cosine" }, { rate: 0.1, momentum: 0.9 }, steps);
    expect(Math.abs(cosine[0]! - got[0]!)).toBeCloseTo(Math.abs(constant[0]! - got[0]!) / 2, 4);
  });

  test.each(["adabelief", "lamb"] as const)("%s is its authors' rule", (rule) => {
    const [rate, b1, b2, eps] = [0.05, 0.9, 0.999, rule === "lamb" ? 1e-6 : 1e-16];
    const steps = [1, 2, 3, 4];
    let x = Array.from(start.images.data);
    const m = x.map(() => 0);
    const s = x.map(() => 0);
    for (const t of steps) {
      const step = Array.from(slope(x), (g, i) => {
        m[i] = b1 * m[i]! + (1 - b1) * g;
        s[i] = b2 * s[i]! + (1 - b2) * (rule === "lamb" ? g : g - m[i]!) ** 2;
        return m[i]! / (1 - b1 ** t) / (Math.sqrt(s[i]! / (1 - b2 ** t)) + eps);
      });
      const trust = rule === "lamb" ? Math.hypot(...x) / Math.hypot(...step) : 1;
      x = x.map((v, i) => v - rate * trust * step[i]!);
    }
    run(
      { rule },
      { rate, momentum: b1 },
      steps.map(() => [0, 1, 2]),
    ).forEach((value, i) => {
      expect(value).toBeCloseTo(x[i]!, 4);
    });
  });

  test("Adam after every class is refused", () => {
    const settings = { rate: 1, momentum: 0, steps: 1, classes, variables };
    expect(() => updateOf(options({ rule: "adam", per: "class" }), settings)).toThrow("not after every class");
  });
});

test("clipping holds an outlier to twice the mean norm before it, and lets the rest through", () => {
  const update = updateOf(options({ clip: 2 }), { rate: 1, momentum: 0, steps: 9, classes, variables });
  let standing = { variables: start as Record<string, typeof start.images>, kept: update.start(start) };
  const moves = [1, 1, 100].map((size, step) => {
    const gradient = { images: tensor(Float32Array.of(size, 0, 0, 0, 0, 0)) };
    const before = standing.variables.images!.data[0]!;
    standing = update.apply({ ...standing, step, active: [0, 1, 2] }, gradient) as typeof standing;
    return before - standing.variables.images!.data[0]!;
  });
  expect(moves[0]).toBeCloseTo(1, 5);
  expect(moves[1]).toBeCloseTo(1, 5);
  // The mean takes the outlier in first: 0.9 · 1 + 0.1 · 100.
  expect(moves[2]).toBeCloseTo(2 * 10.9, 3);
});
