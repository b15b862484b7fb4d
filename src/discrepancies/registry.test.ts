import { describe, expect, test } from "vitest";
import { learnable } from "../../golden/discrepancies/measure.ts";
import { number } from "../engine/index.ts";
import { mlp } from "../hypotheses/index.ts";
import { measured } from "./discrepancy.ts";
import { distanceNamed, measurable, measurableNamed } from "./registry.ts";

const [a, b] = [learnable(9, 90), learnable(7, 91)];
const context = { seed: 0, network: mlp({ width: 4 }) };

describe("a face that there is not is one sentence with a next step", () => {
  test.each([
    ["wasserstein", "wasserstein is measured, and no loop minimises it"],
    ["mean-diference", 'there is no distance between views named "mean-diference"'],
  ])("minimising %s", (name, message) => {
    expect(() => distanceNamed(name)).toThrow(message);
  });

  test.each([
    ["barycentre", /^barycentre is not measured: .* wasserstein measures what it lowers$/],
    ["channel-statistics", /^channel-statistics is not measured: /],
    ["mdm", /^unknown discrepancy "mdm"$/],
  ])("measuring %s", (name, message) => {
    expect(() => measurableNamed(name)).toThrow(message);
  });
});

describe("a record of one's own", () => {
  const record = {
    title: "A share of the larger set",
    formula: "weight · max(n, m)",
    reference: "an example",
    options: {},
    measured: measured({
      labelAware: true,
      needsImages: false,
      options: { weight: number(2, 0) },
      measure: async (x, y, { weight }) => ({
        value: weight * Math.max(x.labels.length, y.labels.length),
        stderr: 0,
        estimator: "exact",
      }),
    }),
  };
  const own = measurable("own", record);

  test("takes its options, by default or as text", async () => {
    expect((await own.measure(a, b, context)).value).toBe(18);
    expect((await own.measure(a, b, context, { weight: "0.5" })).value).toBe(4.5);
  });

  test("is refused what all are refused", async () => {
    const refused = async (options: Parameters<typeof own.measure>[3], other = b) =>
      own.measure(a, other, context, options).catch(({ code, hint }) => [code, hint]);
    expect(await refused({ weight: -1 })).toEqual(["invalid-option", "For example --set own.weight=2."]);
    expect(await refused({ wieght: 1 })).toEqual(["unknown-option", expect.stringContaining("weight")]);
    expect(await refused({}, { ...b, classes: ["one"], labels: b.labels.map(() => 0) })).toEqual([
      "classes-differ",
      expect.anything(),
    ]);
  });
});
