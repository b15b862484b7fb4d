/** One experiment: condense a dataset, score the saved set. Its name is its file's name under docs/results. */
export interface Cell {
  readonly method: string;
  readonly dataset: string;
  readonly ipc: number;
  /** What sets a row apart from another of the same set: how networks that train on it are augmented, or for how long they train. */
  readonly variant?: "plain" | "per-image" | "1000-epochs";
  /** Words of `attar condense` behind dataset, method and ipc: preset, steps, settings. */
  readonly condense: readonly string[];
  /** Words of `attar evaluate`. */
  readonly evaluate: readonly string[];
  /** Accuracy the method's authors report at this dataset and ipc, in per cent, and where. */
  readonly reported?: { readonly accuracy: number; readonly source: string };
}

/** A set of cells that make one table. */
export interface Family {
  readonly name: string;
  readonly title: string;
  /** What a reader must know to compare: settings that differ from the authors'. */
  readonly notes: readonly string[];
  readonly cells: readonly Cell[];
}

export const nameOf = ({ method, dataset, ipc, variant }: Cell): string =>
  `${dataset}-${method}${variant ? `-${variant}` : ""}-ipc${ipc}`;

/** The run folder's name, one for all rows of a set. */
export const runOf = ({ method, dataset, ipc }: Cell): string => `${dataset}-${method}-ipc${ipc}`;

/** How a cell is made, beside what it is. */
export interface Making {
  /** Whether scores of an earlier evaluation are left aside. */
  readonly again?: boolean;
  /** Words that name the device. */
  readonly device?: readonly string[];
}

/** The words after `attar` that make a cell, in order; `run` is the run folder. Coresets need no run: they are scored by name. */
export function commandsOf(cell: Cell, run: string, isCoreset: boolean, { again, device = [] }: Making): string[][] {
  const { method, dataset, ipc } = cell;
  const resume = again ? [] : ["--resume"];
  const evaluate = ["--on", dataset, "--baselines", "none", ...cell.evaluate, ...device, ...resume];
  if (isCoreset) return [["evaluate", method, "--ipc", String(ipc), ...evaluate]];
  const condense = ["--ipc", String(ipc), ...cell.condense, ...device, "--out", run, "--resume"];
  return [
    ["condense", dataset, "--method", method, ...condense],
    ["evaluate", run, ...evaluate],
  ];
}
