import { nameOf } from "./cell.ts";
import type { Making } from "./commands.ts";
import { shortCommit } from "./commit.ts";
import { keptAs } from "./currency.ts";
import type { Placed } from "./families/index.ts";
import { type CellResult, keep, readResult } from "./result.ts";
import { rowText } from "./table.ts";

export interface MakeOptions {
  /** Whether a cell that is kept and still what is asked for is run once more. */
  readonly again?: boolean;
  /** As of `attar condense` and `attar evaluate`. */
  readonly device?: string;
}

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
  { again = false, device }: MakeOptions,
  run: (cell: Placed["cell"], making: Making) => Promise<CellResult>,
  { log, print }: Lines,
): Promise<boolean> {
  const name = `${family.name}/${nameOf(cell)}`;
  const result = await readResult(family, cell);
  const kept = result && keptAs(cell, result);
  if (kept && kept.outdated.length === 0 && !again) {
    log(`${name}: kept, of commit ${shortCommit(kept.result.commit)}; --again runs it again`);
    print(rowText(kept));
    return false;
  }
  const why = again ? "asked for" : kept?.outdated.join("; ");
  log(`${name}: ${kept ? `is run again (${why})` : "is run"}`);
  const made = await run(cell, { again, device: device ? ["--device", device] : [] });
  await keep(family, made);
  print(rowText(keptAs(cell, made)));
  return true;
}
