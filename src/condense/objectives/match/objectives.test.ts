import { readFileSync } from "node:fs";
import { heldToGolden } from "../../../../test/fixtures/heldToGolden.ts";
import type { ObjectiveCase } from "../../../../test/fixtures/objective.ts";
import { dc, dm, idc } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

const unit = { scale: 0.4, offset: 0.5 };

const cases: readonly ObjectiveCase[] = [
  { golden: "dm", method: dm },
  { golden: "dc", method: dc },
  { golden: "idc-l1", method: idc, settings: { "discrepancy.norm": "l1" }, pixels: unit },
  { golden: "idc-squared", method: idc, settings: { "discrepancy.norm": "squared" }, pixels: unit },
  { golden: "dc-set", method: { ...dc, objective: { match: [{ ...dc.objective.match[0]!, over: "set" }] } } },
  {
    golden: "classification",
    method: dm,
    settings: { "tricks.classification": 0.5, "tricks.classification.byAccuracy": true },
  },
];

heldToGolden(golden, cases);
