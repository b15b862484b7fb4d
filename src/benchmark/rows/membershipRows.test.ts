import { expect, test } from "vitest";
import { parseObjective } from "../objectives/registry.ts";
import { membershipRows } from "./membershipRows.ts";

const kept = {
  shadows: 8,
  pool: 1000,
  network: "mlp",
  shown: 0.4,
  attacks: {
    lira: { auc: 0.61, advantage: 0.2, tpr: [{ fpr: 0.001, value: 0.02, resolved: false }] },
    distance: { auc: 0.57, advantage: 0.14, tpr: [{ fpr: 0.01, value: 0.15, resolved: true }] },
  },
};

test("an audit's rows: area, TPR where a level is resolved, what is shown of ε, each with the models it is of", () => {
  const rows = membershipRows("membership", kept);
  expect(rows.map(({ metric, value, status }) => [metric, value, status])).toEqual([
    ["membership", 0.61, "ok"],
    ["membership.lira.advantage", 0.2, "ok"],
    ["membership.lira.tpr-0.001", null, "absent"],
    ["membership.distance", 0.57, "ok"],
    ["membership.distance.advantage", 0.14, "ok"],
    ["membership.distance.tpr-0.01", 0.15, "ok"],
    ["membership.set", 0.15, "ok"],
    ["membership.epsilon", 0.4, "ok"],
  ]);
  expect(rows.find(({ metric }) => metric === "membership.set")?.reason).toMatch(/^distance, the strongest/);
  for (const { reason, better, network } of rows) {
    expect(reason).toMatch(/8 halves of 1000 samples condensed/);
    expect([better, network]).toEqual(["lower", "mlp"]);
  }
});

test("a study says how many halves there are, and of how many samples", () => {
  expect(parseObjective("membership")).toMatchObject({ of: "audit", audit: { shadows: 16 } });
  expect(parseObjective("membership:shadows=32,pool=4000").audit).toEqual({ shadows: 32, pool: 4000 });
  expect(() => parseObjective("membership:shadows=2")).toThrow(/membership takes shadows, 4 at least/);
  expect(() => parseObjective("membership:models=8")).toThrow(/membership takes shadows/);
});
