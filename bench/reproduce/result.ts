import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { hyperparameters } from "../../src/condense/configuration.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { methodNamed } from "../../src/methods/index.ts";
import { type Cell, type Family, nameOf } from "./cell.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** The provider of the graphics card that computed, where one did. */
  readonly card?: string;
}

/** What is kept of a cell, one JSON file each: enough to make it again and to print the table. */
export interface CellResult {
  readonly cell: Cell;
  /** The preset as it was: a result of other hyperparameters is run again. Left out in older files. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** As typed, without the run folder's place. */
  readonly commands: readonly string[];
  readonly machine: Machine;
  /** Seconds of condensation there; 0 for a subset. */
  readonly seconds: number;
  /** Where the run had begun, if it went on elsewhere: machines, the last step of each and its seconds. */
  readonly earlier?: readonly (Machine & { readonly until: number; readonly seconds: number })[];
  readonly evaluation: Evaluation;
}

/** The hyperparameters of a cell's preset at its dataset and size. */
export function settingsOf({ method, dataset, ipc, condense }: Cell): Readonly<Record<string, unknown>> {
  return hyperparameters(methodNamed(method), condense.includes("paper") ? "paper" : "laptop", dataset, ipc);
}

const folder = (family: Family) => join("docs", "results", family.name);

/** The kept result of a cell that still is what the family asks for; undefined where there is none. */
export async function kept(family: Family, cell: Cell): Promise<CellResult | undefined> {
  try {
    const result = JSON.parse(await readFile(join(folder(family), `${nameOf(cell)}.json`), "utf8")) as CellResult;
    // What stands beside a set does not change its own figure.
    const alone = (words: readonly string[]) =>
      words.filter((_, i) => !words.slice(Math.max(i - 1, 0), i + 1).includes("--baselines"));
    // Older files leave a start out that the method declares.
    const method = methodNamed(cell.method);
    const initialisation = method.loop === "select" ? "" : method.initialisation;
    const asked = ({ condense, evaluate }: Cell, settings: object) =>
      JSON.stringify([condense, alone(evaluate), { initialisation, ...settings }]);
    const { settings = settingsOf(cell) } = result;
    return asked(result.cell, settings) === asked(cell, settingsOf(cell)) ? { ...result, cell } : undefined;
  } catch {
    return undefined;
  }
}

export async function keep(family: Family, result: CellResult): Promise<void> {
  const path = join(folder(family), `${nameOf(result.cell)}.json`);
  await writeAtomic(path, `${JSON.stringify(result, null, 2)}\n`);
}
