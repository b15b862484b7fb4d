import type { Kept } from "../currency.ts";
import { withSections } from "./sections.ts";
import { speedLine } from "./speed.ts";
import { taxonomyTable } from "./taxonomy.ts";
import { worthTable } from "./worth.ts";

/** README's text with its tables written anew. `rows` are kept by the names of their families. */
export function readme(text: string, rows: ReadonlyMap<string, readonly Kept[]>): string {
  const of = (...names: string[]) => names.flatMap((name) => rows.get(name) ?? []);
  const subsets = of("subsets");
  return withSections(
    text,
    new Map([
      ["worth", worthTable(of("quality", "paper", "dd"), subsets)],
      ["methods", taxonomyTable()],
      ["speed", speedLine()],
    ]),
  );
}
