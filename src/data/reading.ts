import type { ReadOptions } from "./readOptions.ts";

/** An account of how a dataset was read: what was found and what was guessed, for a person to check. */
export interface Reading {
  /** The format that the dataset is stored in, in words: "CSV", "folders of images". */
  readonly format: string;
  /** The source of the labels, and why it is that. */
  readonly labels: string;
  /** The place of the test split, or why there is none. */
  readonly testSplit: string;
  /** Every guess and everything left out, a sentence each. */
  readonly notes: readonly string[];
  /** The options that a person gave. */
  readonly options?: ReadOptions;
}

/** Names quoted and joined, at most so many of them. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
}
