import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { isCoreset, methodNamed } from "../../src/methods/index.ts";
import { type Cell, type Family, nameOf } from "./cell.ts";
import type { Settings } from "./commands.ts";
import type { CommitOf } from "./commit.ts";
import { hyperparameters } from "./recipe.ts";
import { inTodaysWords, words } from "./words.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** The provider of the graphics card that computed, where one did. */
  readonly card?: string;
}

/** The record of a cell, one JSON file each: enough to make it again and to print its row. */
export interface CellResult {
  readonly cell: Cell;
  /** The preset as it was: a result of other hyperparameters is run again. Files from before it was recorded lack it. */
  readonly settings?: Settings;
  readonly commit: CommitOf;
  /** Roots of all randomness; subsets are not condensed. */
  readonly seeds: { readonly condense?: number; readonly evaluate: number };
  /** The number of sets that were scored: another draw for each network of a subset that is drawn, else one. */
  readonly sets: number;
  /** The number of networks that were trained; 0 where an infinitely wide one is solved in closed form. */
  readonly networks: number;
  /** The number of images that each of them trained on. */
  readonly images: number;
  /** The commands as they ran: condense and evaluate, or evaluate alone for a subset. */
  readonly commands: readonly string[];
  /** Marks commands of an earlier version of this program: other run folders, other order, the same experiment. */
  readonly commandForm?: "older";
  /** The words that it is written in; files from before initialisations were renamed lack it. */
  readonly words?: number;
  readonly machine: Machine;
  /** Seconds of condensation there; 0 for a subset. */
  readonly seconds: number;
  /** Commits that were checked out while the set was condensed, where not the one above alone. */
  readonly condensedAt?: readonly string[];
  /** Where the run had begun, if it went on elsewhere: machines, the last step of each and its seconds. */
  readonly earlier?: readonly (Machine & { readonly until: number; readonly seconds: number })[];
  readonly evaluation: Evaluation;
}

/** The hyperparameters of a cell's preset at its dataset and size; those of a coreset's rule with them. */
export function settingsOf({ method: name, dataset, ipc, condense }: Cell): Settings {
  const method = methodNamed(name);
  const { options = {} } = isCoreset(method) ? method.initialisation : {};
  return {
    ...hyperparameters(name, condense.includes("paper") ? "paper" : "laptop", dataset, ipc),
    ...Object.fromEntries(Object.entries(options).map(([option, value]) => [`initialisation.${option}`, value])),
  };
}

const fileOf = (family: Family, cell: Cell) => join("docs", "results", family.name, `${nameOf(cell)}.json`);

/** What is kept of a cell, in today's words; undefined where its file is missing. @throws where the file is no JSON. */
export async function readResult(family: Family, cell: Cell): Promise<CellResult | undefined> {
  try {
    return inTodaysWords(JSON.parse(await readFile(fileOf(family, cell), "utf8")) as CellResult, cell);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a cell's record to its file. */
export const keep = (family: Family, result: CellResult): Promise<void> =>
  writeAtomic(fileOf(family, result.cell), `${JSON.stringify({ ...result, words }, null, 2)}\n`);
