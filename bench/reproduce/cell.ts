/** One experiment: condense a dataset, score the saved set. Its name is its file's name under docs/results. */
export interface Cell {
  readonly method: string;
  readonly dataset: string;
  readonly ipc: number;
  /** How its set is made, where that differs from the small run of the same method: a part of its name. */
  readonly variant?: "paper" | "long" | "start";
  /** How it is scored, where that differs from the row of the usual length and augmentation: a part of its name. */
  readonly scoring?: string;
  /** Words of `attar condense` behind dataset, method and ipc: preset, steps, settings. */
  readonly condense: readonly string[];
  /** Words of `attar evaluate`. */
  readonly evaluate: readonly string[];
  /** Accuracy that the method's authors report at this dataset and ipc, in per cent, and where. */
  readonly reported?: { readonly accuracy: number; readonly source: string };
}

/** A set of cells that make one table. */
export interface Family {
  readonly name: string;
  readonly title: string;
  /** Facts that a reader needs to compare: settings that differ from the authors'. */
  readonly notes: readonly string[];
  readonly cells: readonly Cell[];
}

/** The name of a cell: unlike that of any other cell of any family. */
export const nameOf = ({ method, dataset, ipc, variant, scoring }: Cell): string =>
  [dataset, method, variant, scoring, `ipc${ipc}`].filter((part) => part !== undefined).join("-");

/** The name of a condensed set: one for all cells that score the same set. */
export const setOf = (cell: Cell): string => nameOf({ ...cell, scoring: undefined });
