import type { Settings } from "../../src/benchmark/rows/howMade.ts";
import { gradientSteps } from "../../src/hypotheses/index.ts";
import { methodNamed } from "../../src/methods/index.ts";
import type { Cell } from "./cell.ts";
import { type CellResult, isSubset, settingsOf } from "./result.ts";

/** A cell that is asked for, with what is kept of it. */
export interface Kept {
  readonly cell: Cell;
  readonly result: CellResult;
  /** Reasons to run it again; none where it still is what is asked for. */
  readonly outdated: readonly string[];
}

/** Holds a result against the cell that it is kept for. */
export const keptAs = (cell: Cell, result: CellResult): Kept => ({ cell, result, outdated: reasons(cell, result) });

function reasons(cell: Cell, { condense, settings, commit, images, protocol, net }: CellResult): string[] {
  const { recipe, repeats } = protocol;
  const now = options(cell.evaluate);
  const length = now.has("--epochs") && Number(now.get("--epochs")) !== recipe.epochs;
  const scored = new Map([
    ["--repeats", String(repeats)],
    ...(now.has("--augmentation") ? [["--augmentation", recipe.augmentation || "none"] as const] : []),
    ...(now.has("--nets") || net !== "convnet" ? [["--nets", net] as const] : []),
  ]);
  const otherwise = [...scored]
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name, value]) => `scored with ${name} ${value}`);
  const changed = settings ? changes(cell, settings) : [];
  return [
    ...(settings ? [] : ["its settings were not recorded"]),
    ...(changed.length > 0 ? [`other settings: ${changed.join(", ")}`] : []),
    ...(isSubset(cell) || condense.join(" ") === cell.condense.join(" ")
      ? []
      : [`condensed with ${condense.join(" ")}`]),
    ...(length ? [`${gradientSteps(images, recipe)} steps`] : []),
    ...otherwise,
    ...(commit.endsWith("-dirty") ? ["made with uncommitted changes"] : []),
  ];
}

/** The values of options by their names. */
const options = (words: readonly string[]): Map<string, string> =>
  new Map(words.flatMap((word, i) => (word.startsWith("--") ? [[word, words[i + 1] ?? ""] as const] : [])));

/** Names of hyperparameters that have another value now. Older results leave a start out that the method declares. */
function changes(cell: Cell, recorded: Settings): string[] {
  const method = methodNamed(cell.method);
  const start = isSubset(cell) ? {} : { initialisation: method.initialisation.name };
  const [before, now]: Settings[] = [
    { ...start, ...recorded },
    { ...start, ...settingsOf(cell) },
  ];
  // Steps that are asked for are words of the command.
  const asked = cell.condense.includes("--steps");
  return [...new Set([...Object.keys(before!), ...Object.keys(now!)])].filter(
    (name) => !(asked && name === "steps") && JSON.stringify(before![name]) !== JSON.stringify(now![name]),
  );
}

/** A commit, short enough to read. */
export const shortCommit = (commit: string): string => commit.replace(/^([0-9a-f]{7})[0-9a-f]*/, "$1");
