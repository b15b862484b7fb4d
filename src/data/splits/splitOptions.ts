import { AttarError } from "../../engine/errors.ts";

/** The options by which a person says what is trained on and what is tested on. */
export interface SplitOptions {
  /** The training split: a folder or file inside the one that is given, or the word for it in the names of arrays. */
  readonly train?: string;
  /** The test split: a path, a folder or file beside the training split, or a word as `train` takes it; "none" for none. */
  readonly test?: string;
  /** The share of every class that is held out as the test split, between 0 and 1. */
  readonly testShare?: number;
}

/** The word that stands for no test split. */
export const noTest = "none";

/** @throws AttarError "bad-option" */
export function checkSplitOptions({ test, testShare, train }: SplitOptions): void {
  for (const [option, word] of Object.entries({ train, test }))
    if (word !== undefined && word.trim() === "")
      throw new AttarError("bad-option", `--${option} names no split.`, `for example --${option} data/${option}`);
  if (testShare === undefined) return;
  if (!(testShare > 0 && testShare < 1))
    throw new AttarError(
      "bad-option",
      `--test-share takes a share between 0 and 1, got ${testShare}.`,
      "for example --test-share 0.2",
    );
  if (test !== undefined && test !== noTest)
    throw new AttarError(
      "bad-option",
      "--test and --test-share exclude each other: the test split is what is named, or a share.",
      `leave one of them out, for example --test-share ${testShare}`,
    );
}

/** The options as they are typed. */
export const splitWords = ({ train, test, testShare }: SplitOptions): string[] => [
  ...(train === undefined ? [] : ["--train", train]),
  ...(test === undefined ? [] : ["--test", test]),
  ...(testShare === undefined ? [] : ["--test-share", String(testShare)]),
];

/** The error of a share that would be held out where there is a test split already. */
export const alreadySplit = (where: string, testSplit: string): AttarError =>
  new AttarError(
    "bad-option",
    `${where} has a test split (${testSplit}), and --test-share holds one out where there is none.`,
    "leave --test-share out, or leave that split out: --test none",
  );
