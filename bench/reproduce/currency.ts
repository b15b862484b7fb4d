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
  const otherwise = alone(recorded.evaluate).join(" ") !== alone(cell.evaluate).join(" ");
  const asked = cell.evaluate.indexOf("--epochs");
  const length = asked >= 0 && Number(cell.evaluate[asked + 1]) !== epochs;
  const changed = settings ? changes(cell, settings) : [];
  return [
    ...(settings ? [] : ["its settings were not recorded"]),
    ...(changed.length > 0 ? [`other settings: ${changed.join(", ")}`] : []),
    ...(isCoreset(cell) || recorded.condense.join(" ") === cell.condense.join(" ")
      ? []
      : [`condensed with ${recorded.condense.join(" ")}`]),
    ...(length ? [`${gradientSteps(images, evaluation.protocol.recipe)} steps`] : []),
    ...(otherwise && !length ? [`scored with ${alone(recorded.evaluate).join(" ")}`] : []),
    ...(commit.id.endsWith("-dirty") ? ["made with uncommitted changes"] : []),
  ];
}

/** Words without those that say what stands beside a set, which does not change its own figure. */
const alone = (words: readonly string[]) =>
  words.filter((_, i) => !words.slice(Math.max(i - 1, 0), i + 1).includes("--baselines"));

/** Names of hyperparameters that have another value now. Older files leave a start out that the method declares. */
function changes(cell: Cell, recorded: Settings): string[] {
  const method = methodNamed(cell.method);
  const start = method.loop === "select" ? {} : { initialisation: method.initialisation };
  const [before, now]: Settings[] = [
    { ...start, ...recorded },
    { ...start, ...settingsOf(cell) },
  ];
  return [...new Set([...Object.keys(before!), ...Object.keys(now!)])].filter(
    (name) => JSON.stringify(before![name]) !== JSON.stringify(now![name]),
  );
}
