import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formulaTensor } from "../../../../golden/hypotheses/formula.ts";
import { classes, gapsTo, ipc } from "../../../../test/fixtures/goldenBilevel.ts";
import type { OptionValue } from "../../../engine/index.ts";
import { convnet } from "../../../hypotheses/index.ts";
import { type BilevelMethod, bptt, mtt, ratBptt } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives_bilevel.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_bilevel.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: Record<string, number[]> }>;

const soft: Record<string, OptionValue> = { "labels.learned": true, "labels.form": "softmax" };
const one: Record<string, OptionValue> = {
  "solver.learningRate": 0.05,
  "solver.rates": "shared",
  "solver.form": "plain",
};
const cases: readonly [string, BilevelMethod, Record<string, OptionValue>, string?][] = [
  ["bptt", bptt, { "solver.learningRate": 0.1, "solver.batch": 1 }],
  ["bptt-labels", bptt, { "solver.learningRate": 0.1, "solver.batch": 1, ...soft }],
  [
    "rat-bptt",
    ratBptt,
    { "solver.learningRate": 0.003, "solver.batch": 0, "solver.window": 2, "solver.ends": "end" },
    "none",
  ],
  ["mtt", mtt, { ...one, "solver.batch": 0 }],
  [
    "mtt-detached",
    { ...mtt, objective: { solve: { name: "detached" }, criterion: { name: "parameter-distance" } } },
    { ...one, "solver.batch": 0 },
  ],
];

test.each(cases)(
  "%s: loss and gradients are the formula's in float64",
  async (name, method, settings, normalisation = "instance") => {
    const network = convnet({ depth: 2, width: 8, activation: "swish", normalisation: normalisation as "none" });
    const images = formulaTensor([classes * ipc, 1, 8, 8], 91);
    const wanted = golden[name]!;
    const gaps = await gapsTo(wanted, {
      method,
      network,
      settings: { "solver.steps": 4, ...settings },
      at: { images },
    });
    expect(gaps.loss).toBeLessThan(1e-5);
    expect(Object.keys(gaps.gradient).sort()).toEqual(Object.keys(wanted.gradient).sort());
    for (const [variable, gap] of Object.entries(gaps.gradient)) expect(gap, variable).toBeLessThan(1e-4);
  },
);
