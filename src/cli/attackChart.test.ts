import { expect, test } from "vitest";
import type { Accuracy, Evaluation } from "../evaluate/index.ts";
import { attackChart } from "./attackChart.ts";

const of = (mean: number): Accuracy => ({ mean, std: 0.01, runs: [mean] });

const evaluation = (readings: Readonly<Record<string, Accuracy>>): Evaluation => ({
  dataset: "digits",
  subject: "dm",
  ipc: 1,
  protocol: { recipe: {} as Evaluation["protocol"]["recipe"], repeats: 1, seed: 0, score: "last epoch", hash: "" },
  storedBytes: 10,
  storage: { images: 0, labels: 0, least: 0 },
  results: [{ net: "mlp", accuracy: of(0.9), seconds: 1, readings }],
  baselines: {},
});

const curve = {
  "pgd:linf,0.1,steps=40": of(0.5),
  "pgd:linf,0.1,steps=40.clean": of(0.9),
  "pgd:linf,8/255,steps=40": of(0.8),
  "pgd:linf,8/255,steps=40.clean": of(0.9),
  "fgsm:linf,0.1": of(0.7),
  "fgsm:linf,0.1.clean": of(0.9),
  "calibration:bins=5": of(0.1),
};

test("a line for every attack, from the accuracy without one; other readings are no lines", () => {
  const chart = attackChart(evaluation(curve));
  expect(chart).toMatch(/^<svg/);
  for (const name of ["dm, pgd,steps=40", "dm, fgsm"]) expect(chart).toContain(name);
  expect(chart).not.toContain("calibration");
  // A line of each, and one in the key.
  expect(chart.match(/class="curve/g)).toHaveLength(4);
});

test("no attack, and attacks of two norms, are refused", () => {
  expect(() => attackChart(evaluation({}))).toThrow(/no attack to draw/);
  expect(() => attackChart(evaluation({ ...curve, "pgd:l2,1": of(0.1), "pgd:l2,1.clean": of(0.9) }))).toThrow(
    /one norm/,
  );
});
