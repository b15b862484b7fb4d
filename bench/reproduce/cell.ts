/** One experiment of a study: sets of a method, and networks trained on them under a protocol. Its name is that of `--only`. */
export interface Cell {
  readonly method: string;
  readonly dataset: string;
  readonly ipc: number;
  /** How its set is made, where that differs from the usual run of the same method: a part of its name. */
  readonly variant?: string;
  /** How it is scored, where that differs from the row of the usual length and augmentation: a part of its name. */
  readonly scoring?: string;
  /** Words of `attar condense` behind dataset, method and ipc: preset, steps, settings. */
  readonly condense: readonly string[];
  /** Words of `attar evaluate`. */
  readonly evaluate: readonly string[];
  /** Accuracy that the method's authors report at this dataset and ipc, in per cent, and where. */
  readonly reported?: { readonly accuracy: number; readonly source: string };
  /** The names of the set and of its networks in the study. */
  readonly set: string;
  readonly scores: string;
}

/** The cells of a study, which make one table. */
export interface Family {
  readonly name: string;
  readonly title: string;
  /** Facts that a reader needs to compare: settings that differ from the authors'. */
  readonly notes: readonly string[];
  readonly cells: readonly Cell[];
}

/** The name of a cell: unlike that of any other cell of any study. */
export const nameOf = ({
  method,
  dataset,
  ipc,
  variant,
  scoring,
}: Pick<Cell, "method" | "dataset" | "ipc" | "variant" | "scoring">): string =>
  [dataset, method, variant, scoring, `ipc${ipc}`].filter((part) => part !== undefined).join("-");

/** The study of a family, and the rows of its results. */
export const studyOf = (family: string): string => `studies/${family}.json`;
export const rowsFileOf = (family: string): string => `studies/${family}.rows.ndjson`;
