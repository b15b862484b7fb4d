import type { Summary } from "../../src/evaluate/summary.ts";
import { gradientSteps } from "../../src/hypotheses/index.ts";
import type { Kept } from "./currency.ts";

export const percent = (fraction: number): string => (100 * fraction).toFixed(1);

/** Mean ± sample deviation in per cent; the mean alone of a single run. */
export const accuracyOf = ({ mean, std, runs }: Summary): string =>
  runs.length > 1 ? `${percent(mean)} ± ${percent(std)}` : percent(mean);

/** What a set is held against: real images of the same number, on the same network, under the same training. */
export const comparators = ["random", "kmeans", "start"] as const;
export type Comparator = (typeof comparators)[number];

export const stepsOfRow = ({ result }: Kept): number => gradientSteps(result.images, result.protocol.recipe);

/** Whether two trainings are equally long, to a twentieth: whole epochs of unequal sets do not come nearer. */
const alike = (a: number, b: number) => Math.abs(a - b) <= 0.05 * Math.max(a, b);

/**
 * The accuracy of a subset of the same size on the same network under the same protocol, trained for as many gradient steps:
 * scored with the set, or in a cell of its own. Undefined where none is kept.
 */
export function comparatorOf(row: Kept, which: Comparator, subsets: readonly Kept[]): Summary | undefined {
  const { cell, result } = row;
  const beside = result.beside[which];
  if (beside) return beside;
  const { augmentation, batch, optimizer } = result.protocol.recipe;
  const found = subsets.find(({ cell: other, result: kept }) => {
    const { recipe } = kept.protocol;
    return (
      (which === "start" ? other.variant === "start" : other.method === which) &&
      other.dataset === cell.dataset &&
      other.ipc === cell.ipc &&
      kept.net === result.net &&
      recipe.augmentation === augmentation &&
      recipe.batch === batch &&
      recipe.optimizer === optimizer &&
      alike(gradientSteps(kept.images, recipe), stepsOfRow(row))
    );
  });
  return found?.result.accuracy;
}

/** Points above a subset; bold where not by more than both deviations together, "–" for itself and where there is none. */
export function lead(row: Kept, which: Comparator, subsets: readonly Kept[]): string {
  const itself = which === "start" ? row.cell.variant === "start" : row.cell.method === which;
  const subset = itself ? undefined : comparatorOf(row, which, subsets);
  if (!subset) return "–";
  const own = row.result.accuracy;
  const points = own.mean - subset.mean;
  const text = `${points < 0 ? "" : "+"}${percent(points)}`;
  return points > own.std + subset.std ? text : `**${text}**`;
}

/** Whether a figure was not read in the paper itself or its authors' code. */
export const isUnverified = (source: string): boolean => !source.startsWith("authors'");
