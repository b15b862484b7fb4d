import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { methods, table4 } from "../methods/index.ts";
import { table4Markdown, table4Text } from "./table4.ts";

test("docs/table4.md is what attar methods --table --markdown prints", async () => {
  expect(await readFile("docs/table4.md", "utf8")).toBe(`${table4Markdown()}\n`);
});

test("a row names the methods that are it, or a dash", () => {
  const lines = table4Text().split("\n");
  expect(lines.find((line) => line.startsWith("28 "))).toMatch(/Liu et al. \(2023b;c\) +dream, dream-plus$/);
  expect(lines.find((line) => line.startsWith("37 "))).toMatch(/Liu et al. \(2022\) +haba$/);
  const built = new Set(methods.map(({ row }) => row));
  for (const { row } of table4)
    if (!built.has(row)) expect(lines.find((line) => line.startsWith(`${row} `))).toMatch(/ –$/);
});
