import { expect, test } from "vitest";
import { type AccuracyRow, gainsOf } from "./index.ts";

const at = (subject: string, value: number | null, more: Partial<AccuracyRow> = {}): AccuracyRow => ({
  subject,
  method: subject,
  dataset: "mnist",
  ipc: 10,
  seed: 0,
  network: "convnet",
  protocol: "default",
  metric: "accuracy",
  value,
  ...more,
});

const full = at("full", 0.99, { method: null, ipc: null, seed: null, protocol: "full" });
const random = at("random", 0.85);

test("a subject against the full data and random subsets, a set the mean over its networks", () => {
  const rows = [
    full,
    random,
    at("random", 0.95, { seed: 1 }),
    at("dm", 0.94),
    at("dm", 0.96),
    at("dm", 0.97, { seed: 1 }),
    at("dm", 0.5, { metric: "worst-class" }),
    at("dm", null, { seed: 2 }),
  ];
  const [ownRandom, dm] = gainsOf(rows);
  expect(ownRandom).toMatchObject({ subject: "random", sets: 2 });
  expect(ownRandom!.accuracy).toBeCloseTo(0.9, 12);
  expect(ownRandom).not.toHaveProperty("improvement");
  expect(dm).toMatchObject({ subject: "dm", sets: 2 });
  expect(dm!.accuracy).toBeCloseTo(0.96, 12);
  expect(dm!.recovery).toBeCloseTo(0.03, 12);
  expect(dm!.improvement).toBeCloseTo(0.06, 12);
  const alpha = 0.5 * 0.06 - 0.5 * 0.03;
  expect(dm!.labelRobust).toBeCloseTo((Math.exp(alpha) - Math.exp(-1)) / (Math.E - Math.exp(-1)), 12);
});

test("what is missing is said, and nothing stands in its place", () => {
  const [alone] = gainsOf([at("dm", 0.9), at("random", 0.8, { ipc: 1 })]);
  expect(alone).toEqual({
    subject: "dm",
    dataset: "mnist",
    ipc: 10,
    network: "convnet",
    protocol: "default",
    sets: 1,
    accuracy: 0.9,
    reason:
      'no networks on the full data: "reference": true in the study; no random subsets: the method random in the study',
  });
  expect(gainsOf([full, at("dm", 0.9, { network: "mlp" })])[0]).not.toHaveProperty("recovery");
});
