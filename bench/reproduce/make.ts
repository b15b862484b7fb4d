import type { Row } from "../../src/benchmark/rows/row.ts";
import { nameOf } from "./cell.ts";
import { keptAs, shortCommit } from "./currency.ts";
import type { Placed } from "./families.ts";
import { keep, resultIn, rowsOf } from "./result.ts";
import type { Making } from "./runCell.ts";
import { rowText } from "./table.ts";

/** Where lines go: what happens, and what comes of it. */
export interface Lines {
  readonly log: (line: string) => void;
  readonly print: (line: string) => void;
}

/**
 * Shows what is kept of a cell, or runs it and keeps that.
 *
 * @returns whether it was run
 * @throws AttarError where a command of it fails.
 */
export async function make(
  { family, cell }: Placed,
  making: Making,
  run: (family: Placed["family"], cell: Placed["cell"], making: Making) => Promise<readonly Row[]>,
  { log, print }: Lines,
): Promise<boolean> {
  const name = `${family.name}/${nameOf(cell)}`;
  const result = resultIn(await rowsOf(family), cell);
  const kept = result && keptAs(cell, result);
  if (kept && kept.outdated.length === 0 && !making.again) {
    log(`${name}: kept, of commit ${shortCommit(kept.result.commit)}; --again runs it again`);
    print(rowText(kept));
    return false;
  }
  const why = making.again ? "asked for" : kept?.outdated.join("; ");
  log(`${name}: ${kept ? `is run again (${why})` : "is run"}`);
  const made = await run(family, cell, making);
  await keep(family, cell, made);
  print(rowText(keptAs(cell, resultIn(made, cell)!)));
  return true;
}
