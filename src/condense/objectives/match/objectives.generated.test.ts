import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { heldToGolden } from "../../../../test/fixtures/heldToGolden.ts";
import { classes, gapTo } from "../../../../test/fixtures/objective.ts";
import { dcgm, dim, dm, type MatchMethod } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives_generated.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_generated.json", import.meta.url), "utf8"),
);

/** A method's terms over pixels, without what it adds to them. */
const overPixels = ({ objective }: MatchMethod): MatchMethod => ({ ...dm, objective });

heldToGolden(golden, [
  // The authors' 0.01 multiplies a mean over all pairs; the method's weight is that of a sum over ten classes' means.
  { golden: "logits", method: overPixels(dim), settings: { "weights.logits": 0.01 / classes, "weights.embedding": 0 } },
  { golden: "layers", method: overPixels(dcgm) },
]);

test("features: loss and gradient are the formula's in float64", async () => {
  // Absolute differences have corners, and no slope there to hold a gradient against.
  const gap = await gapTo(golden.features, {
    golden: "features",
    method: {
      ...dm,
      objective: {
        match: [
          {
            view: { name: "layers", options: { early: 1 } },
            discrepancy: { name: "mean-difference", options: { norm: "l1" } },
            weight: 0.001,
          },
        ],
      },
    },
  });
  expect(gap.loss).toBeLessThan(1e-5);
  expect(gap.gradient).toBeLessThan(2e-5);
});
