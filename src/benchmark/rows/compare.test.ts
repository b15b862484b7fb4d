import { expect, test } from "vitest";
import { compareRows } from "./compare.ts";
import { columns, type Row, rowSchema } from "./row.ts";

const row = (more: Partial<Row>): Row =>
  rowSchema.parse({
    ...Object.fromEntries(columns.map((column) => [column, null])),
    ...{ study: "s", cell: "c", subject: "dm", dataset: "digits", objective: "accuracy", metric: "accuracy" },
    ...{ unit: "fraction", better: "higher", status: "ok" },
    ...more,
  });
const rows = (values: readonly number[], more: Partial<Row> = {}) => values.map((value) => row({ value, ...more }));

test.each([
  ["a fall beyond the noise", [0.8, 0.81, 0.79], [0.7, 0.71, 0.69], {}, "worse"],
  ["one within it", [0.8, 0.9, 0.7], [0.7, 0.8, 0.6], {}, "same"],
  ["less than half a point, of single numbers", [0.8], [0.7951], {}, "same"],
  ["more than it", [0.8], [0.7949], {}, "worse"],
  ["a rise", [0.7, 0.71, 0.69], [0.8, 0.81, 0.79], {}, "better"],
  [
    "a rise of what should be small",
    [100],
    [102],
    { metric: "bytes", unit: "bytes", better: "lower" } as const,
    "worse",
  ],
  ["the same", [0.5], [0.5], {}, "same"],
] as const)("%s", (_, before, now, more, verdict) => {
  expect(compareRows(rows(before, more), rows(now, more)).map((one) => one.verdict)).toEqual([verdict]);
});

test("a number that is gone is told with its reason; one that is new, and the machine's own, are nothing", () => {
  const before = [...rows([0.5]), ...rows([3], { objective: "seconds", metric: "seconds", unit: "s" })];
  const now = [
    row({ value: null, status: "diverged", reason: "the run diverged at step 4" }),
    ...rows([0.2], { subject: "dc" }),
  ];
  expect(compareRows(before, now)).toMatchObject([{ verdict: "missing", reason: "the run diverged at step 4" }]);
});

test("the margin is three standard errors of the difference", () => {
  const margin = compareRows(rows([0.4, 0.6]), rows([0.5, 0.9]))[0]?.margin;
  // Variances 0.02 and 0.08 over two numbers each: 3 √(0.01 + 0.04).
  expect(margin).toBeCloseTo(3 * Math.sqrt(0.05), 12);
});
