import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CandidateCost, halving, rungSizes, survivors } from "./halving.ts";

test.each([
  [27, 3, [27, 9, 3]],
  [30, 3, [30, 10, 4, 2]],
  [3, 3, [3]],
  [4, 3, [4, 2]],
  [16, 2, [16, 8, 4, 2]],
  [1, 2, [1]],
])("rungs of %i candidates at eta %i", (candidates, eta, sizes) => {
  expect(rungSizes(candidates, eta)).toEqual(sizes);
});

const cost = (perStep: number, beside = 0): CandidateCost => ({
  perStep,
  start: beside,
  scoring: beside,
  finalScoring: beside,
});

describe("a budget as steps", () => {
  test("is used up by equal seconds for every candidate, eta times as many a rung later, and the final runs", () => {
    // Nine, then three: 9 + 3 · 3 shares, and two final runs of 3 shares each: 24 shares of 10 s.
    const costs = [0.5, ...Array.from({ length: 8 }, () => 1)].map((perStep) => cost(perStep));
    const plan = halving({ seconds: 240, eta: 3, leastSteps: 1, costs, finals: 2 });
    expect(plan).toEqual({ sizes: [9, 3], steps: [20, ...Array.from({ length: 8 }, () => 10)], share: 10 });
  });

  test("what runs and scores take beside steps comes first", () => {
    // Four, then two: six runs and one final run of 2 s beside steps; shares 4 + 2 · 2 + 2 = 10.
    const plan = halving({ seconds: 14 + 30, eta: 2, leastSteps: 1, costs: Array(4).fill(cost(1, 1)), finals: 1 });
    expect(plan).toEqual({ sizes: [4, 2], steps: [3, 3, 3, 3], share: 3 });
  });

  test("a coreset takes no steps, and who is too slow for the least steps is left out", () => {
    const plan = halving({
      seconds: 90,
      eta: 3,
      leastSteps: 10,
      costs: [cost(0), cost(1), cost(50), cost(1)],
      finals: 1,
    });
    expect(plan).toMatchObject({ sizes: [3], steps: [0, 22, undefined, 22] });
  });

  test("the least that it names works, and a little less does not", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ perStep: fc.double({ min: 0.001, max: 10, noNaN: true }), beside: fc.nat(5) }), {
          minLength: 2,
          maxLength: 40,
        }),
        fc.integer({ min: 2, max: 4 }),
        (all, eta) => {
          const costs = all.map(({ perStep, beside }) => cost(perStep, beside));
          const options = { eta, leastSteps: 20, costs, finals: 4 };
          const short = halving({ ...options, seconds: 0 });
          if (!("least" in short)) throw new Error("no time at all was enough");
          const plan = halving({ ...options, seconds: short.least * (1 + 1e-9) });
          expect(plan).toHaveProperty("steps");
          if (!("steps" in plan)) return;
          expect(plan.steps.filter((steps) => steps !== undefined).length).toBeGreaterThanOrEqual(costs.length / 2);
          expect(plan.steps.every((steps) => steps === undefined || steps >= 20)).toBe(true);
          expect(halving({ ...options, seconds: short.least * 0.999 })).toHaveProperty("least");
        },
      ),
      { numRuns: 100 },
    );
  });
});

test("the best survive, equal ones in their order, those without a score not", () => {
  expect(survivors([0.5, undefined, 0.9, 0.5, 0.1], 3)).toEqual([2, 0, 3]);
  expect(survivors([undefined, undefined], 1)).toEqual([]);
});
