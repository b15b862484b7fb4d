import { readFileSync } from "node:fs";
import { formulaTensor } from "../../../../golden/hypotheses/formula.ts";
import { heldToGolden } from "../../../../test/fixtures/heldToGolden.ts";
import type { ObjectiveCase } from "../../../../test/fixtures/objective.ts";
import { spanOf } from "../../../hypotheses/experts/subspace.ts";
import type { Params } from "../../../hypotheses/index.ts";
import { dcc, esp, lcmat, teddy } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives_derivatives.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_derivatives.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

/** The span of tensors 200 and 201 of the golden scripts in the shapes of all parameters. */
const subspace = (params: Params): Params => {
  const tree = (t: number): Params =>
    Object.fromEntries(
      Object.entries(params).map(([layer, own]) => [
        layer,
        Object.fromEntries(Object.entries(own).map(([name, { shape }]) => [name, formulaTensor(shape, t)])),
      ]),
    );
  return spanOf([200, 201].map(tree)).basis;
};

const curvature = (layers: string, iterations: number) => ({
  "tricks.loss-curvature": 3,
  "tricks.loss-curvature.layers": layers,
  "tricks.loss-curvature.iterations": iterations,
});

const cases: readonly ObjectiveCase[] = [
  { golden: "dcc", method: { ...dcc, objective: { match: dcc.objective.match.filter((t) => t.phase === "main") } } },
  { golden: "moments", method: teddy, settings: { "tricks.classification": "none", "discrepancy.variance": 0.7 } },
  { golden: "lcmat-head", method: lcmat, settings: curvature("head", 40) },
  { golden: "lcmat-all", method: lcmat, settings: curvature("all", 25) },
  {
    golden: "esp",
    method: esp,
    settings: { "tricks.subspace-projection": 2, "hypotheses.augmented": false },
    subspace,
  },
];

heldToGolden(golden, cases);
