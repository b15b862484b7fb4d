import { expect, test } from "vitest";
import type { Accuracy, Evaluation } from "../evaluate/index.ts";
import { evaluationTable } from "./evaluationTable.ts";

const of = (...runs: number[]): Accuracy => ({ mean: runs[0]!, std: 0.0123, runs });

const evaluation = (readings?: Readonly<Record<string, Accuracy>>): Evaluation => ({
  dataset: "digits",
  subject: "dm",
  ipc: 1,
  protocol: { recipe: {} as Evaluation["protocol"]["recipe"], repeats: 2, seed: 0, score: "last epoch", hash: "" },
  storedBytes: 10,
  storage: { images: 0, labels: 0, least: 0 },
  results: [{ net: "mlp", accuracy: of(0.5, 0.5), seconds: 1, ...(readings && { readings }) }],
  baselines: {},
});

const words = (text: string) => text.split("\n").map((line) => line.split(/ {2,}/));

test("accuracy alone has the columns that it always had", () => {
  const [heading, row] = words(evaluationTable(evaluation()));
  expect(heading).toEqual(["set", "network", "accuracy", "±", "time"]);
  expect(row!.slice(1, 4)).toEqual(["mlp", "50.00 %", "1.23"]);
});

test("shares are in per cent, others as they are, and single classes left to --json", () => {
  const readings = {
    "worst-class": of(0.25, 0.25),
    "worst-class.class-0": of(0.75, 0.75),
    "calibration:bins=5": of(0.1),
    "calibration:bins=5.nll": of(1.5, 1.5),
  };
  const [heading, row] = words(evaluationTable(evaluation(readings)));
  expect(heading!.slice(4)).toEqual([
    "worst-class",
    "±",
    "calibration:bins=5",
    "±",
    "calibration:bins=5.nll",
    "±",
    "time",
  ]);
  expect(row!.slice(4, 9)).toEqual(["25.00 %", "1.23", "10.00 %", "1.5000", "0.0123"]);
});

test("of attacks joined each has its name alone, and the signs beside them are left to --json", () => {
  const joined = "fgsm+pgd:linf,0.1,pgd.steps=5";
  const readings = {
    "pgd:linf,0.1": of(0.5),
    "pgd:linf,0.1.clean": of(0.9),
    [joined]: of(0.25),
    [`${joined}.clean`]: of(0.9),
    [`${joined}.fgsm`]: of(0.4),
    [`${joined}.pgd`]: of(0.3),
    [`${joined}.zero-gradients`]: of(0),
    "autoattack:linf,8/255": of(0.1),
    "autoattack:linf,8/255.apgd-ce": of(0.2),
  };
  const [heading, row] = words(evaluationTable(evaluation(readings)));
  const columns = ["pgd:linf,0.1", joined, "– fgsm", "– pgd", "autoattack:linf,8/255", "– apgd-ce"];
  expect(heading!.slice(4)).toEqual([...columns.flatMap((name) => [name, "±"]), "time"]);
  expect(row!.slice(4)).toEqual(expect.arrayContaining(["50.00 %", "25.00 %", "10.00 %"]));
});
