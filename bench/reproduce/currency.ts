import { methodNamed } from "../../src/methods/index.ts";
import type { Cell } from "./cell.ts";
import type { Settings } from "./commands.ts";
import { isCoreset } from "./coresets.ts";
import { type CellResult, settingsOf } from "./result.ts";
import { gradientSteps } from "./trainingImages.ts";

/** A cell that is asked for, with what is kept of it. */
export interface Kept {
  readonly cell: Cell;
  readonly result: CellResult;
  /** Reasons to run it again; none where it still is what is asked for. */
  readonly outdated: readonly string[];
}

/** Holds a result against the cell that it is kept for. */
export const keptAs = (cell: Cell, result: CellResult): Kept => ({ cell, result, outdated: reasons(cell, result) });

function reasons(cell: Cell, { cell: recorded, settings, commit, images, evaluation }: CellResult): string[] {
  const { epochs } = evaluation.protocol.recipe;
  const [before, now] = [options(recorded.evaluate), options(cell.evaluate)];
  const length = now.has("--epochs") && Number(now.get("--epochs")) !== epochs;
  const names = [...new Set([...before.keys(), ...now.keys()])].filter((name) => !beside.has(name));
  const otherwise = names
    .filter((name) => before.get(name) !== now.get(name) && !(length && name === "--epochs"))
    .map((name) => (before.has(name) ? `with ${name} ${before.get(name)}` : `without ${name} ${now.get(name)}`));
  const changed = settings ? changes(cell, settings) : [];
  return [
    ...(settings ? [] : ["its settings were not recorded"]),
    ...(changed.length > 0 ? [`other settings: ${changed.join(", ")}`] : []),
    ...(isCoreset(cell) || recorded.condense.join(" ") === cell.condense.join(" ")
      ? []
      : [`condensed with ${recorded.condense.join(" ")}`]),
    ...(length ? [`${gradientSteps(images, evaluation.protocol.recipe)} steps`] : []),
    ...otherwise.map((words) => `scored ${words}`),
    ...(commit.id.endsWith("-dirty") ? ["made with uncommitted changes"] : []),
  ];
}

/** Options that say what stands beside a set, which does not change its own figure. */
const beside = new Set(["--baselines"]);

/** The values of options by their names. */
const options = (words: readonly string[]): Map<string, string> =>
  new Map(words.flatMap((word, i) => (word.startsWith("--") ? [[word, words[i + 1] ?? ""] as const] : [])));

/** Names of hyperparameters that have another value now. Older files leave a start out that the method declares. */
function changes(cell: Cell, recorded: Settings): string[] {
  const method = methodNamed(cell.method);
  const start = isCoreset(cell) ? {} : { initialisation: method.initialisation.name };
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
