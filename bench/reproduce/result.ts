import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { type Cell, type Family, nameOf } from "./cell.ts";

/** What is kept of a cell, one JSON file each: enough to make it again and to print the table. */
export interface CellResult {
  readonly cell: Cell;
  /** As typed, without the run folder's place. */
  readonly commands: readonly string[];
  readonly machine: { readonly cpu: string; readonly cores: number };
  /** Seconds of condensation; 0 for a subset. */
  readonly seconds: number;
  readonly evaluation: Evaluation;
}

const folder = (family: Family) => join("docs", "results", family.name);

/** The kept result of a cell that still is what the family asks for; undefined where there is none. */
export async function kept(family: Family, cell: Cell): Promise<CellResult | undefined> {
  try {
    const result = JSON.parse(await readFile(join(folder(family), `${nameOf(cell)}.json`), "utf8")) as CellResult;
    const asked = ({ condense, evaluate }: Cell) => JSON.stringify([condense, evaluate]);
    return asked(result.cell) === asked(cell) ? { ...result, cell } : undefined;
  } catch {
    return undefined;
  }
}

export async function keep(family: Family, result: CellResult): Promise<void> {
  const path = join(folder(family), `${nameOf(result.cell)}.json`);
  await writeAtomic(path, `${JSON.stringify(result, null, 2)}\n`);
}
