import { describe, expect, test } from "vitest";
import { distance, measure, normal, uniform } from "../../../test/fixtures/measures.ts";
import { randomKey, tensor } from "../../engine/index.ts";
import { exponentialKernel } from "../../hypotheses/kernels/index.ts";
import { linearTimeMmd, quadraticMmd } from "./index.ts";

describe("standard errors", () => {
  const repeats = 250;
  const [n, m, d] = [30, 20, 3];
  const kernel = exponentialKernel(2, 0.2);

  test.each([
    ["equal distributions", 0],
    ["different distributions", 0.7],
  ])("of the unbiased estimator, %s: as repeated samples spread", async (_, shift) => {
    const values: number[] = [];
    let variance = 0;
    for (let r = 0; r < repeats; r++) {
      const [a, b] = [normal(2 * r, n, d), normal(2 * r + 1, m, d, 1, shift)];
      const squared = await quadraticMmd(
        kernel,
        { points: a, weights: uniform(n) },
        { points: b, weights: uniform(m) },
        { estimator: "unbiased" },
      );
      values.push(squared.value);
      variance += squared.variance / repeats;
    }
    const mean = values.reduce((s, v) => s + v, 0) / repeats;
    const spread = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (repeats - 1);
    if (shift === 0) expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(spread / repeats));
    // A variance of 250 draws is known to about 10 %.
    expect(Math.sqrt(variance / spread)).toBeGreaterThan(0.75);
    expect(Math.sqrt(variance / spread)).toBeLessThan(1.35);
  });

  test("of the linear-time estimator, and that it agrees with the quadratic one", () => {
    const values: number[] = [];
    let variance = 0;
    for (let r = 0; r < repeats; r++) {
      const [a, b] = [normal(2 * r, 60, d), normal(2 * r + 1, 60, d, 1, 0.7)];
      const one = linearTimeMmd(
        kernel.exact!,
        { points: a, weights: uniform(60) },
        { points: b, weights: uniform(60) },
        randomKey(r),
      );
      values.push(one.value);
      variance += one.variance / repeats;
    }
    const mean = values.reduce((s, v) => s + v, 0) / repeats;
    const spread = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (repeats - 1);
    expect(Math.sqrt(variance / spread)).toBeGreaterThan(0.8);
    expect(Math.sqrt(variance / spread)).toBeLessThan(1.25);
    // For normals with variance 1 the expectation is known: 2 (1 + 4c)^(-3/2) (1 − exp(−c 3·0.49 / (1 + 4c))).
    const truth = 2 * 1.8 ** -1.5 * (1 - Math.exp((-0.2 * 3 * 0.49) / 1.8));
    expect(Math.abs(mean - truth)).toBeLessThan(4 * Math.sqrt(spread / repeats));
  });

  test("draws of a few points estimate the distance of the whole sets", async () => {
    const [a, b] = [measure(normal(1, 300, 4)), measure(normal(2, 25, 4, 1.5, 0.5))];
    for (const name of ["mmd-ntk", "mmd-nngp"]) {
      const whole = await distance(name, a, b, { depth: 2, points: 1000 });
      const drawn = await distance(name, a, b, { depth: 2, points: 100, draws: 8 });
      expect(whole.stderr).toBe(0);
      expect(drawn.stderr).toBeGreaterThan(0);
      expect(Math.abs(drawn.value - whole.value)).toBeLessThan(4 * drawn.stderr);
      expect(drawn.estimator).toContain("100 of 300");
    }
  });

  test("draws for each network estimate the distance of the whole sets, of related sets too", async () => {
    const images = normal(1, 300, 64).reshape([300, 1, 8, 8]);
    const moved = tensor(
      (images.data as Float32Array).map((v, i) => v + 0.6 * Math.cos(i)),
      [300, 1, 8, 8],
    );
    const [a, b] = [measure(images), measure(moved)];
    for (const name of ["mmd-nfk", "mmd-nngp"]) {
      const [few, draws] = name === "mmd-nfk" ? [{ networks: 24 }, {}] : [{}, { draws: 24 }];
      const whole = await distance(name, a, b, { ...few, points: 300 });
      const drawn = await distance(name, a, b, { ...few, ...draws, points: 40 });
      expect(Math.abs(drawn.value ** 2 - whole.value ** 2)).toBeLessThan(8 * drawn.stderr * drawn.value);
    }
  });

  test("random Fourier features converge to the biased estimator", async () => {
    const [a, b] = [measure(normal(1, 200, 4)), measure(normal(2, 150, 4, 1.3))];
    for (const gamma of [1, 2]) {
      const exact = await distance("mmd-gamma", a, b, { gamma });
      const { value, stderr } = await distance("mmd-rff", a, b, { gamma, frequencies: 4096 });
      expect(Math.abs(value - exact.value)).toBeLessThan(4 * stderr);
      expect(stderr).toBeLessThan(0.1 * exact.value);
    }
  });
});
