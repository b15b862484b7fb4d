import { expect, test } from "vitest";
import { shortMetric, spreadText } from "./words.ts";

const higher = (metric: string) => shortMetric({ metric, unit: "fraction", better: "higher" });

test("a metric is a phrase, one with settings as it is typed", () => {
  expect(higher("worst-class")).toBe("worst class, % ↑");
  expect(higher("accuracy.random")).toBe("accuracy random, % ↑");
  expect(higher("apgd-ce:linf,0.05,steps=50")).toBe("apgd-ce:linf,0.05,steps=50, % ↑");
});

test("equal values have no deviation, whatever their mean was rounded to", () => {
  expect(spreadText({ mean: 1, spread: { sets: 1.4e-16, networks: undefined }, unit: "" })).toBe("");
  expect(spreadText({ mean: 0.9, spread: { sets: 0.01, networks: undefined }, unit: "fraction" })).toBe(" ± 1.0");
  expect(spreadText({ mean: 0, spread: { sets: undefined, networks: 0 }, unit: "" })).toBe("");
});
