import { expect, test } from "vitest";
import { surnameOf } from "./bibtex.ts";
import { methods } from "./index.ts";
import { rowOf, table4 } from "./table4.ts";

test("Table 4 has the paper's 37 rows in its order", () => {
  expect(table4.map(({ row }) => row)).toEqual(Array.from({ length: 37 }, (_, i) => i + 1));
  const families = table4.map(({ family }) => family);
  const count = (family: string) => families.filter((f) => f === family).length;
  expect(["GD", "VD", "PD", "DD", "General"].map(count)).toEqual([5, 7, 2, 20, 3]);
  expect(table4[30]).toEqual({
    row: 31,
    family: "DD",
    description: "MMD with NTK",
    tricks: "N/A",
    paper: "Zhang et al. (2024)",
  });
});

test("a method stands in the row that cites its authors", () => {
  for (const method of methods) {
    const row = rowOf(method);
    if (!row) continue;
    const first = surnameOf(method.citation.authors.split(/,| and /)[0]!);
    expect([method.name, row.paper.startsWith(first)]).toEqual([method.name, true]);
  }
});

test("rows without a method are these", () => {
  const built = new Set(methods.map((m) => m.row));
  const missing = table4.filter(({ row }) => !built.has(row)).map(({ row, paper }) => `${row} ${paper}`);
  expect(missing).toEqual([]);
});
