import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../../../golden/hypotheses/formula.ts";
import { gapTo, gradientOverSlope, type ObjectiveCase } from "../../../../test/fixtures/objective.ts";
import { cfm } from "../../../methods/cfm.ts";
import { m3d } from "../../../methods/m3d.ts";
import { mfcLearned } from "../../../methods/mfcLearned.ts";
import { sinkhorn } from "../../../methods/sinkhorn.ts";
import { wmdd } from "../../../methods/wmdd.ts";

/** Losses and gradients of golden/methods/objectives_distributions.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_distributions.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

const unit = { scale: 0.4, offset: 0.5 };
const features = 8 * 2 * 2;
const bare = { "synthetic.factor": 1, "synthetic.range": "normalised", "synthetic.clamp": "never" };
const kernel = (name: string) => ({ ...bare, "discrepancy.kernel": name });

const cases: readonly ObjectiveCase[] = [
  { golden: "m3d", method: m3d, pixels: unit },
  { golden: "mmd-laplacian", method: m3d, settings: kernel("laplacian") },
  { golden: "mmd-polynomial", method: m3d, settings: kernel("polynomial") },
  { golden: "mmd-linear", method: m3d, settings: kernel("linear") },
  {
    golden: "cfm",
    method: cfm,
    settings: { "discrepancy.frequencies": 6, "discrepancy.scale": 1.5 },
    draws: { 0: { embedding: formulaTensor([6, features], 93, 1.5 / Math.sqrt(features)) } },
  },
  { golden: "sinkhorn", method: sinkhorn, settings: { "discrepancy.epsilon": 0.1, "discrepancy.iterations": 50 } },
  { golden: "mfc-learned", method: mfcLearned, settings: { "discrepancy.temperature": 0.2 } },
  {
    golden: "wmdd",
    method: wmdd,
    settings: bare,
    targets: { 0: { embedding: formulaTensor([3, 2, features], 94) } },
  },
];

describe.each(cases)("$golden", (entry) => {
  test("loss and gradient are the formula's in float64", async () => {
    const gap = await gapTo(golden[entry.golden]!, entry);
    expect(gap.loss).toBeLessThan(1e-5);
    expect(gap.gradient).toBeLessThan(2e-5);
  });

  // The Laplacian kernel's bandwidth is a constant to the gradient only, and moves the loss notably.
  test.skipIf(entry.golden === "mmd-laplacian")("the gradient is the slope of the loss", async () => {
    expect(Math.abs((await gradientOverSlope(entry)) - 1)).toBeLessThan(1e-2);
  });
});
