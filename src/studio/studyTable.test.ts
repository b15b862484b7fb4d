import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { studyOf } from "./studyTable.ts";

const row = (more: object) =>
  JSON.stringify({ subject: "dm", dataset: "digits", ipc: 1, metric: "accuracy", status: "ok", value: 0.5, ...more });

test("a study's rows become a line a method and a column a dataset and size", () => {
  const text = [
    row({ value: 0.5 }),
    row({ value: 0.7 }),
    row({ subject: "random", ipc: 10, value: 0.9 }),
    row({ subject: "random", status: "failed", value: null }),
    row({ metric: "bytes", value: 12 }),
  ].join("\n");
  const { columns, rows } = studyOf("a", text);
  expect(columns).toEqual(["digits, 1 a class", "digits, 10 a class"]);
  expect(rows.map(({ method }) => method)).toEqual(["dm", "random"]);
  expect(rows[0]!.values[1]).toBeUndefined();
  const [cell] = rows[0]!.values;
  expect(cell!.mean).toBeCloseTo(0.6, 12);
  expect(cell!.deviation).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(cell!.count).toBe(2);
});

test("the committed rows of a study are read", () => {
  const { rows } = studyOf(
    "subsets",
    readFileSync(new URL("../../studies/subsets.rows.ndjson", import.meta.url), "utf8"),
  );
  expect(rows.length).toBeGreaterThan(1);
  for (const { values } of rows) for (const cell of values) if (cell) expect(cell.mean).toBeLessThanOrEqual(1);
});

test("what holds no accuracy, or is no JSON, is refused with its line", () => {
  expect(() => studyOf("a", row({ metric: "bytes" }))).toThrow(/holds no row of accuracy/);
  expect(() => studyOf("a", `${row({})}\n{`)).toThrow(/a, line 2/);
});
