import { expect, test } from "vitest";
import { shortMetric } from "./words.ts";

const higher = (metric: string) => shortMetric({ metric, unit: "fraction", better: "higher" });

test("a metric is a phrase, one with settings as it is typed", () => {
  expect(higher("worst-class")).toBe("worst class, % ↑");
  expect(higher("accuracy.random")).toBe("accuracy random, % ↑");
  expect(higher("apgd-ce:linf,0.05,steps=50")).toBe("apgd-ce:linf,0.05,steps=50, % ↑");
});
