import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import type { Family } from "./cell.ts";
import { type Kept, keptAs } from "./currency.ts";
import { families } from "./families.ts";
import { readme } from "./readme/index.ts";
import { methodsPage } from "./readme/methods.ts";
import { resultIn, rowsOf } from "./result.ts";
import { markdown } from "./table.ts";

/** What is kept of a family. */
async function keptOf(family: Family): Promise<Kept[]> {
  const rows = await rowsOf(family);
  return family.cells.flatMap((cell) => {
    const result = resultIn(rows, cell);
    return result ? [keptAs(cell, result)] : [];
  });
}

/** Every document that follows from what is kept, by its path. */
export async function documents(): Promise<Map<string, string>> {
  const rows = new Map<string, Kept[]>();
  for (const family of families) rows.set(family.name, await keptOf(family));
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
