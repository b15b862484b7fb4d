import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { each, gapTo, gradientOverSlope, type ObjectiveCase } from "../../../../test/fixtures/objective.ts";
import { cafe } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives_layers.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_layers.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

// The authors' weight of a sum over images is 0.01; the method's weight is that of a mean over ten classes.
const entry: ObjectiveCase = {
  golden: "cafe",
  method: cafe,
  settings: { "tricks.discrimination": 0.01 * 10 * each },
};

test("cafe: loss and gradient are the formula's in float64", async () => {
  const gap = await gapTo(golden.cafe!, entry);
  expect(gap.loss).toBeLessThan(1e-5);
  expect(gap.gradient).toBeLessThan(2e-5);
});

test("cafe: the gradient is the slope of the loss", async () => {
  expect(Math.abs((await gradientOverSlope(entry)) - 1)).toBeLessThan(1e-2);
});
