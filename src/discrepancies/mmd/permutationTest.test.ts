import { describe, expect, test } from "vitest";
import { distance, measure, normal } from "../../../test/fixtures/measures.ts";
import { randomKey } from "../../engine/index.ts";
import { exponentialKernel } from "../../hypotheses/kernels/index.ts";
import { mmdPermutationTest } from "./index.ts";

describe("permutation test", () => {
  const kernel = exponentialKernel(2, 0.2);
  const run = (shift: number, seed: number) =>
    mmdPermutationTest(kernel, measure(normal(2 * seed, 30, 2)), measure(normal(2 * seed + 1, 20, 2, 1, shift)), {
      key: randomKey(seed),
      permutations: 99,
    });

  test("rejects different distributions, is uniform for equal ones, and repeats itself", async () => {
    expect((await run(1, 1)).pValue).toBe(0.01);
    expect(await run(1, 1)).toEqual(await run(1, 1));
    let low = 0;
    for (let seed = 0; seed < 60; seed++) if ((await run(0, seed)).pValue <= 0.2) low++;
    // Binomial(60, 0.2): 12 ± 3.1.
    expect(low).toBeGreaterThan(2);
    expect(low).toBeLessThan(25);
  });

  test("its statistic is the biased MMD²", async () => {
    const { statistic } = await run(1, 3);
    const { value } = await distance("mmd", measure(normal(6, 30, 2)), measure(normal(7, 20, 2, 1, 1)), { c: 0.2 });
    expect(statistic).toBeCloseTo(value ** 2, 6);
  });
});
