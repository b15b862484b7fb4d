import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { reportMarkdown } from "../../src/benchmark/report/markdown.ts";
import { recordedSource } from "../../src/benchmark/report/recorded.node.ts";
import { measurementObjective } from "../../src/benchmark/rows/measurementRows.ts";
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

/** Studies whose rows are kept and whose page is that of their report's tables, by the page's path; none of a study that is only timed. */
async function reported(): Promise<[string, string][]> {
  const own = families.map(({ name }) => name);
  const names = (await readdir("studies"))
    .flatMap((file) => (file.endsWith(".rows.ndjson") ? file.slice(0, -".rows.ndjson".length) : []))
    .filter((name) => !own.includes(name));
  const pages = await Promise.all(
    names.toSorted().map(async (name): Promise<[string, string][]> => {
      const source = await recordedSource(`studies/${name}.rows.ndjson`);
      const timed = source.rows.every(({ value, objective }) => value === null || objective === measurementObjective);
      return timed ? [] : [[join("docs", "results", `${name}.md`), reportMarkdown(source)]];
    }),
  );
  return pages.flat();
}

/** Every document that follows from what is kept, by its path. */
export async function documents(): Promise<Map<string, string>> {
  const rows = new Map<string, Kept[]>();
  for (const family of families) rows.set(family.name, await keptOf(family));
  const subsets = rows.get("subsets")!;
  return new Map([
    ...(await reported()),
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
