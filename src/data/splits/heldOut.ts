import { type RandomKey, randomKey } from "../../engine/random.ts";
import { badData } from "../badData.ts";
import { byClass } from "../byClass.ts";
import { listed } from "../reading.ts";

/** Rows of a split in two, ascending. */
export interface HeldOut {
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** What was done, a sentence each. */
  readonly notes: readonly string[];
}

/** The draw of held-out rows, and what to do where there can be none. */
export interface HoldOutOptions {
  /** The key that they are drawn by. */
  readonly key?: RandomKey;
  readonly hint?: string;
}

/**
 * The rows that are held out as a test split, class by class: of each that has two rows or more the share, at least one and
 * never all. Which they are hangs on the share, the labels and the key alone, so that everyone who asks for it gets the same.
 *
 * @param labels class of each row
 * @param share between 0 and 1
 * @throws AttarError "bad-data" where no class has two rows
 */
export function heldOutRows(
  labels: Int32Array,
  classes: readonly string[],
  share: number,
  where: string,
  { key = randomKey(0).fold("test-share"), hint = "Name a file to test on: --test PATH" }: HoldOutOptions = {},
): HeldOut {
  const test: number[] = [];
  const alone: string[] = [];
  for (const [c, rows] of byClass(labels, classes).entries()) {
    if (rows.length < 2) {
      if (rows.length === 1) alone.push(classes[c]!);
      continue;
    }
    const count = Math.min(rows.length - 1, Math.max(1, Math.round(share * rows.length)));
    for (const i of key.fold(c).permutation(rows.length, count)) test.push(rows[i]!);
  }
  if (test.length === 0) throw badData(where, "no class has two rows, so none can be held out", hint);
  const held = new Set(test);
  const train = Int32Array.from(Array.from(labels.keys()).filter((row) => !held.has(row)));
  const few = alone.length > 0 ? [`classes of one row have none in the test split: ${listed(alone)}`] : [];
  return {
    train,
    test: Int32Array.from(test.sort((a, b) => a - b)),
    notes: [`${test.length} of ${labels.length} rows are held out to test on, ${share} of each class`, ...few],
  };
}

/** The held-out share in words, for the place of a test split. */
export const heldOutText = (share: number): string => `a held-out share of ${share}`;
