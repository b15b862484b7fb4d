import type { Cell } from "../cell.ts";
import { reportedFor } from "../reported.ts";

/** A cell with what its method's authors report. */
export const makeCell = (
  method: string,
  dataset: string,
  ipc: number,
  more: Pick<Cell, "condense" | "evaluate" | "variant" | "scoring">,
): Cell => ({ method, dataset, ipc, ...more, reported: reportedFor(method, dataset, ipc) });

/** The sizes at which every method is run. */
export const sizes = [
  ["mnist", 1],
  ["mnist", 10],
  ["fashion-mnist", 10],
] as const;
