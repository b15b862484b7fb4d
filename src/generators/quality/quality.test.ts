import { expect, test } from "vitest";
import golden from "../../../golden/generators/quality.json" with { type: "json" };
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { nearestDistances } from "../../discrepancies/nearestDistances.ts";
import { Pace } from "../../engine/index.ts";
import { median, precisionAndRecall } from "./neighbours.ts";

const [real, made] = [formulaTensor([40, 5], 1), formulaTensor([30, 5], 2, 1.5, 0.4)];

test("precision, recall and nearest distances are NumPy's", async () => {
  const found = await precisionAndRecall(real, made, new Pace());
  expect(found.precision).toBeCloseTo(golden.precision, 12);
  expect(found.recall).toBeCloseTo(golden.recall, 12);
  const nearest = await nearestDistances(made.data as Float32Array, real.data as Float32Array, 5);
  for (const [i, distance] of golden.nearest.entries()) expect(nearest[i]).toBeCloseTo(distance, 5);
  expect(median(nearest)).toBeCloseTo(golden.median, 5);
  expect(median(Float64Array.of(3, 1, 2))).toBe(2);
});

test("a set covers itself, and one far away nothing of it", async () => {
  expect(await precisionAndRecall(real, real, new Pace())).toEqual({ precision: 1, recall: 1 });
  const far = made.map((v) => v + 100);
  expect(await precisionAndRecall(real, far, new Pace())).toEqual({ precision: 0, recall: 0 });
});
