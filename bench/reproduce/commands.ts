import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Cell, setOf } from "./cell.ts";
import { isCoreset } from "./coresets.ts";

export type Settings = Readonly<Record<string, unknown>>;

/** How a cell is made, beside what it is. */
export interface Making {
  /** Whether the set is condensed and scored from the beginning, whatever is there of an earlier run. */
  readonly again?: boolean;
  /** Words that name the device. */
  readonly device?: readonly string[];
}

/**
 * The run folder of a cell, ignored by git: one for all cells that score the same set, another one for other settings, so that
 * a set which is there already is scored under another protocol without being condensed again.
 */
export function runFolder(cell: Cell, settings: Settings): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash("sha256").update(JSON.stringify([cell.condense, sorted]));
  return join("runs", "reproduce", `${setOf(cell)}-${digest.digest("hex").slice(0, 8)}`);
}

/** The words after `attar` that make a cell, in order. Coresets need no run: they are scored by name. */
export function commandsOf(cell: Cell, settings: Settings, { again, device = [] }: Making = {}): string[][] {
  const { method, dataset, ipc } = cell;
  const alone = cell.evaluate.includes("--baselines") ? [] : ["--baselines", "none"];
  const evaluate = ["--on", dataset, ...alone, ...cell.evaluate, ...device, ...(again ? [] : ["--resume"])];
  if (isCoreset(cell)) return [["evaluate", method, "--ipc", String(ipc), ...evaluate]];
  const run = runFolder(cell, settings);
  const condense = ["--ipc", String(ipc), ...cell.condense, ...device, "--out", run, again ? "--force" : "--resume"];
  return [
    ["condense", dataset, "--method", method, ...condense],
    ["evaluate", run, ...evaluate],
  ];
}

/** A recorded command without what does not change its figure: how it went on, on which device. */
export const essence = (command: string): string =>
  command.replaceAll(/ --(resume|force)\b/g, "").replaceAll(/ --device \S+/g, "");

/** {@link essence} of a command of an older form, whose run folders had other names and whose baselines were named twice. */
export const olderEssence = (command: string): string =>
  essence(command)
    .replaceAll(/runs\/reproduce\/\S+/g, "RUN")
    .replace(/ --baselines none(?=.* --baselines )/, "");
