import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import type { Family } from "./cell.ts";
import { type Kept, keptAs } from "./currency.ts";
import { families } from "./families/index.ts";
import { readme } from "./readme/index.ts";
import { methodsPage } from "./readme/methods.ts";
import { readResult } from "./result.ts";
import { markdown } from "./table.ts";

/** The rows of a family that are kept. */
export async function rowsOf(family: Family): Promise<Kept[]> {
  const rows: Kept[] = [];
  for (const cell of family.cells) {
    const result = await readResult(family, cell);
    if (result) rows.push(keptAs(cell, result));
  }
  return rows;
}

/** Every document that follows from what is kept, by its path. */
export async function documents(): Promise<Map<string, string>> {
  const rows = new Map<string, Kept[]>();
  for (const family of families) rows.set(family.name, await rowsOf(family));
  const subsets = rows.get("subsets")!;
  return new Map([
    ...families.map(
      (family) =>
        [join("docs", "results", `${family.name}.md`), markdown(family, rows.get(family.name)!, subsets)] as const,
    ),
    [
      join("docs", "results", "methods.md"),
      methodsPage([...rows.get("dd")!, ...rows.get("bilevel")!], subsets),
    ] as const,
    ["README.md", readme(await readFile("README.md", "utf8"), rows)] as const,
  ]);
}

/** Writes them. */
export async function writeDocuments(): Promise<void> {
  for (const [path, text] of await documents()) await writeAtomic(path, text);
}
