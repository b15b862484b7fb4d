import type { DatasetInfo } from "../data/datasetInfo.ts";
import { arrayShape } from "../data/domain.ts";
import { AttarError } from "../engine/index.ts";
import type { When } from "./row.ts";

/** The traits of a run by which rows are looked up. */
export interface Traits {
  /** A known dataset's name. */
  readonly dataset?: string;
  readonly channels: number;
  readonly side: number;
  readonly classes: number;
  /** Images per class. */
  readonly ipc: number;
}

/** The traits of a run. */
export function traitsOf(
  { known, domain, classes }: Pick<DatasetInfo, "known" | "domain" | "classes">,
  ipc: number,
): Traits {
  const [channels, height, width] = arrayShape(domain);
  const side = Math.max(height, width);
  return { ...(known !== undefined && { dataset: known }), channels, side, classes: classes.length, ipc };
}

/** A row of any recipe. */
interface Conditional {
  readonly when: When;
}

/** Tells whether a row applies to a run: in every trait that it names. */
export function isApplying({ dataset, ...traits }: When, run: Traits): boolean {
  const named = dataset === undefined || (run.dataset !== undefined && dataset.includes(run.dataset));
  return named && gapsOf(traits, run).every((gap) => gap === 0);
}

/**
 * The one row that applies to a run, undefined where none does.
 *
 * @throws AttarError "bad-recipe" where several do
 */
export function applyingRow<R extends Conditional>(method: string, rows: readonly R[], run: Traits): R | undefined {
  const [row, other] = rows.filter(({ when }) => isApplying(when, run));
  if (row && other)
    throw new AttarError(
      "bad-recipe",
      `two rows of ${method}'s recipe apply to ${traitsText(run)}: ${whenText(row.when)} and ${whenText(other.when)}`,
      "narrow one of them",
    );
  return row;
}

/**
 * The row whose traits are nearest to those of a run: rows that name other datasets alone come last; then the ratio of channels,
 * of sides, of classes, and of images per class counts, and of equally near rows the one that names the dataset. Undefined where
 * there are no rows.
 */
export function nearestRow<R extends Conditional>(rows: readonly R[], run: Traits): R | undefined {
  let best: { row: R; gaps: readonly number[] } | undefined;
  for (const row of rows) {
    const { dataset } = row.when;
    const named = run.dataset !== undefined && dataset?.includes(run.dataset);
    const others = dataset !== undefined && !named ? 1 : 0;
    const gaps = [others, ...gapsOf(row.when, run), named ? 0 : 1];
    if (!best || isNearer(gaps, best.gaps)) best = { row, gaps };
  }
  return best?.row;
}

/** The distances of a row's traits from a run's, one after another; 0 where they agree. */
function gapsOf({ channels, side, classes, ipc }: When, run: Traits): number[] {
  const gap = (own: number | undefined, wanted: number) => (own === undefined ? 0 : Math.abs(Math.log(own / wanted)));
  return [gap(channels, run.channels), gap(side, run.side), gap(classes, run.classes), ipcGap(ipc, run.ipc)];
}

function ipcGap(ipc: When["ipc"], wanted: number): number {
  if (ipc === undefined) return 0;
  const [least, most] = typeof ipc === "number" ? [ipc, ipc] : ipc;
  if (wanted < least) return Math.log(least / wanted);
  return wanted > most ? Math.log(wanted / most) : 0;
}

function isNearer(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((d, i) => d !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}

/** A row's condition in words: "28x28x1, 10 classes, ipc 10-49". */
export function whenText({ dataset, channels, side, classes, ipc }: When): string {
  const words = [
    dataset?.join("/"),
    side !== undefined && `${side}x${side}x${channels ?? "?"}`,
    side === undefined && channels !== undefined && `${channels} channels`,
    classes !== undefined && `${classes} classes`,
    ipc !== undefined && `ipc ${typeof ipc === "number" ? ipc : `${ipc[0]}-${ipc[1]}`}`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(", ") : "any dataset";
}

/** A run's traits in words. */
export const traitsText = ({ dataset, channels, side, classes, ipc }: Traits): string =>
  [dataset, `${side}x${side}x${channels}`, `${classes} classes`, `ipc ${ipc}`].filter(Boolean).join(", ");
