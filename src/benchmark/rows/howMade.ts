import { recipeFor } from "../../condense/recipe.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { AttarError } from "../../engine/errors.ts";
import { isCoreset, type Method } from "../../methods/index.ts";
import { condenseCommand, evaluateCommand } from "../jobs/commands.ts";
import { canonical } from "../plan/canonical.ts";
import type { SetCell } from "../plan/cells.node.ts";
import type { PlannedCell } from "../plan/plan.node.ts";
import type { ResolvedStudy } from "../study/resolved.ts";
import type { Row } from "./row.ts";

/** The hyperparameters of the recipe row that a run starts from, with the options of a coreset's rule. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * The settings of a method at a dataset and a size, before what a command sets besides.
 *
 * @throws AttarError "no-recipe" where its authors have none there
 */
export function settingsFor(method: Method, preset: "laptop" | "paper", info: DatasetInfo, ipc: number): Settings {
  const { options = {} } = isCoreset(method) ? method.initialisation : {};
  return {
    ...recipeFor(method, preset, info, ipc).set,
    ...Object.fromEntries(Object.entries(options).map(([option, value]) => [`initialisation.${option}`, value])),
  };
}

/** Settings and commands of a cell's numbers. */
export function howMade({ set, job }: PlannedCell, study: ResolvedStudy): Pick<Row, "settings" | "commands"> {
  const commands = job ? commandsOf(job, study, set) : [];
  return {
    settings: set ? settingsText(set) : null,
    commands: commands.length > 0 ? commands.join("\n") : null,
  };
}

function settingsText({ subject: { made }, dataset: { info }, ipc }: SetCell): string | null {
  if (made.by !== "method" || !info) return null;
  try {
    return canonical(settingsFor(made.method, made.options.preset, info, ipc));
  } catch (error) {
    if (error instanceof AttarError && error.code === "no-recipe") return null;
    throw error;
  }
}

/** The commands that make a cell alone, in order. Paths are those of the study. */
function commandsOf(job: NonNullable<PlannedCell["job"]>, study: ResolvedStudy, set?: SetCell): string[] {
  // No command holds the same rows out.
  if ("dataset" in job.task && job.task.dataset.heldOut) return [];
  const asWritten = <T extends { readonly dataset: { readonly name: string } }>(task: T): T => ({
    ...task,
    dataset: { ...task.dataset, name: nameIn(study, task.dataset.name) },
  });
  if (job.kind === "reference") return [evaluateCommand(asWritten(job.task), "full")];
  if (job.kind === "condense" || job.kind === "time") return [condenseCommand(asWritten(job.task)) ?? []].flat();
  if (job.kind !== "evaluate" || !set?.job) return [];
  const score = asWritten(job.task);
  if (score.redrawn !== undefined) return [evaluateCommand(score, score.redrawn, set.ipc)];
  if (set.job.kind === "import") return [];
  const run = `runs/${set.name.replaceAll("/", "-")}`;
  const condense = condenseCommand(asWritten(set.job.task), run);
  return condense === undefined ? [] : [condense, evaluateCommand(score, run)];
}

/** A dataset's name or path as the study has it. */
function nameIn({ study, datasets }: ResolvedStudy, name: string): string {
  const label = datasets.find(({ source }) => source.name === name)?.label;
  const listed = study.datasets.find((one) => typeof one !== "string" && one.name === label);
  return (typeof listed === "object" ? listed.path : undefined) ?? label ?? name;
}
