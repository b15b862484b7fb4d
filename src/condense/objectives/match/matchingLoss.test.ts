import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { classes, each, gapTo, type ObjectiveCase } from "../../../../test/fixtures/objective.ts";
import { onnxruntimeNode } from "../../../engine/executors/onnxruntime.node.ts";
import { defaultRuntime, openRuntime, type Runtime, useRuntime, worthSummingByGroup } from "../../../engine/index.ts";
import { dc, dm, idc } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

const cases: readonly ObjectiveCase[] = [
  { golden: "dc", method: dc },
  {
    golden: "idc-squared",
    method: idc,
    settings: { "discrepancy.norm": "squared" },
    pixels: { scale: 0.4, offset: 0.5 },
  },
];

// Three classes fill one core evenly, and two cores to three quarters.
describe.each([1, 2])("%d threads", (threads) => {
  let before: Runtime;
  beforeAll(() => {
    before = defaultRuntime();
    useRuntime(openRuntime({ executor: onnxruntimeNode({ threads }) }));
  });
  afterAll(async () => {
    await defaultRuntime().dispose();
    useRuntime(before);
  });

  test("gradients of T are summed class by class where that keeps all cores busy", async () => {
    expect(await worthSummingByGroup(classes, each)).toBe(threads === 1);
    expect(await worthSummingByGroup(10, 64)).toBe(true);
    expect(await worthSummingByGroup(10, 61)).toBe(false);
    expect(await worthSummingByGroup(1, 64)).toBe(threads === 1);
  });

  test.each(cases)("$golden: loss and gradient are the formula's in float64 either way", async (entry) => {
    const gap = await gapTo(golden[entry.golden]!, entry);
    expect(gap.loss).toBeLessThan(1e-5);
    expect(gap.gradient).toBeLessThan(2e-5);
  });
});

test("loss and gradient do not depend on how many real images are looked at together, beyond rounding", async () => {
  for (const means of [1, 2, 5, 16]) {
    const gap = await gapTo(golden.dm!, { golden: "dm", method: dm, chunks: { means } });
    expect(gap.loss).toBeLessThan(1e-5);
    expect(gap.gradient).toBeLessThan(2e-5);
  }
});
