import { expect, test } from "vitest";
import type { Asked } from "../../src/studio/contract.ts";
import { comparisonOf, comparisonText } from "./comparison.ts";

const asked = (more: Partial<Asked>): Asked => ({ dataset: "d", method: "dm", ipc: 1, seed: 0, settings: {}, ...more });
const runs = [
  { id: "a", asked: asked({ settings: { "discrepancy.kernel": "linear" } }), step: 10, accuracies: [0.5, 0.7] },
  { id: "b_1", asked: asked({ method: "dc" }), step: 20, accuracies: [] },
];

test("a comparison has the settings in which runs differ, and all of them where asked", () => {
  const { names, lines } = comparisonOf(runs);
  expect(names).toEqual(["run", "method", "discrepancy.kernel", "step", "accuracy, %", "networks"]);
  expect(lines).toEqual([
    ["a", "dm", "linear", "10", "60.0", "2"],
    ["b_1", "dc", "as usual", "20", "", "0"],
  ]);
  expect(comparisonOf(runs, true).names).toContain("seed");
});

test.each([
  ["CSV", 'run,method,discrepancy.kernel,step,"accuracy, %",networks\na,dm,linear,10,60.0,2\nb_1,dc,as usual,20,,0\n'],
  [
    "Markdown",
    "| run | method | discrepancy.kernel | step | accuracy, % | networks |\n| --- | --- | --- | --- | --- | --- |\n| a | dm | linear | 10 | 60.0 | 2 |\n| b_1 | dc | as usual | 20 |  | 0 |\n",
  ],
] as const)("a comparison as %s", (format, text) => {
  expect(comparisonText(comparisonOf(runs), format)).toBe(text);
});

test("LaTeX's signs are written out", () => {
  const text = comparisonText(comparisonOf(runs), "LaTeX");
  expect(text).toContain("accuracy, \\%");
  expect(text).toContain("b\\_1 & dc & as usual & 20 &  & 0 \\\\");
  expect(text).toMatch(/^\\begin\{tabular\}\{lrrrrr\}/);
});
