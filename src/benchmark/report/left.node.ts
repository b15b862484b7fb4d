import { AttarError } from "../../engine/errors.ts";
import { cellsOf, type SetCell } from "../plan/cells.node.ts";
import { measurementObjective } from "../rows/measurementRows.ts";
import type { Row } from "../rows/row.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import type { Study } from "../study/schema.ts";
import type { Left } from "./report.ts";

/**
 * What a study names and rows say nothing of, neither a number nor a reason, by dataset and size. A set whose networks have no rows yet
 * counts where other sets' have. A function of the study and the rows: no data is looked for. What an exploration tries is not counted,
 * and of a study whose sets, records or folders of data are not on this machine nothing is said: rows can be read without them.
 */
export async function leftOf(study: Study, file: string, rows: readonly Row[]): Promise<readonly Left[]> {
  if (study.explore) return [];
  const resolved = await resolveStudy(study, file, withoutData).catch((error: unknown) => {
    if (error instanceof AttarError) return undefined;
    throw error;
  });
  if (!resolved) return [];
  const { sets } = cellsOf(resolved);
  const told = rows.filter(({ objective }) => objective !== measurementObjective);
  const scored = told.some(({ network }) => network !== null);
  const made = new Set(
    told
      .filter(({ value, network }) => value === null || network !== null || !scored)
      .map(({ subject, dataset, ipc, seed }) => `${subject}/${dataset}/ipc${ipc}/seed${seed}`),
  );
  const blocks = new Map<string, SetCell[]>();
  for (const set of sets) {
    const block = `${set.dataset.label}/${set.ipc}`;
    blocks.set(block, [...(blocks.get(block) ?? []), set]);
  }
  return [...blocks.values()].flatMap((all) => {
    const left = all.filter(({ name, refused }) => refused?.code !== "excluded" && !made.has(name));
    const { dataset, ipc } = all[0]!;
    const subjects = [...new Set(left.map(({ subject }) => subject.label))];
    return left.length > 0 ? [{ dataset: dataset.label, ipc, subjects, of: all.length, sets: left.length }] : [];
  });
}

const withoutData = async (): Promise<never> => {
  throw new AttarError("absent-dataset", "not looked for");
};
