import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import type { Column } from "./columns.ts";

/** Names of a label column: an earlier one wins over a later one, wherever they stand. */
const labelNames =
  "label class target labels classes targets fine_label class_label classlabel category y species diagnosis outcome".split(
    " ",
  );
const plain = (name: string) => name.trim().toLowerCase().replaceAll(/[ -]/g, "_");
const rank = (name: string) => labelNames.indexOf(plain(name));

export const isLabelName = (name: string): boolean => rank(name) >= 0;

const decimals = "it holds decimals, no classes";

/** A column whose name says so may hold many classes of few rows; one that was guessed may not. */
const namedShare = 0.9;

/** A column as a candidate for the labels. */
export interface Candidate {
  /** Position in the file, from 0. */
  readonly at: number;
  readonly name?: string;
  readonly column: Column;
}

/** The name of a column in a message. */
export const called = ({ at, name }: Pick<Candidate, "at" | "name">): string =>
  name ? `column ${at + 1} (${name.slice(0, 40)})` : `column ${at + 1}`;

/** The text that a person types to name a column. */
export const typed = ({ at, name }: Pick<Candidate, "at" | "name">): string => {
  const word = name || String(at + 1);
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
};

/**
 * Why a column cannot hold the labels: hardly a value occurs twice, there is only one, or they are decimals; undefined
 * where it may.
 *
 * @param share the largest share of the rows that may have a value of their own
 */
export function unlikely({ column }: Candidate, share = 0.5): string | undefined {
  const { values, numbers, wholes, texts, cells } = column;
  const filled = numbers + texts;
  if (filled === 0) return "it is empty";
  if (values === undefined) return "it has more than 100,000 values";
  if (values.size === 1) return `each of its ${cells} rows has the same value`;
  if (numbers > wholes) return decimals;
  if (filled >= 8 ? values.size > share * filled : filled > 2 && values.size === filled)
    return `it has ${values.size} different values in ${filled} rows`;
  return undefined;
}

/** Tells whether the values are the whole numbers from 0 or 1 on, none left out, or -1 and 1. */
function consecutive({ values, low, high, texts }: Column): boolean {
  if (!values || texts > 0) return false;
  if (low === -1) return high === 1;
  return (low === 0 || low === 1) && values.size === high - low + 1;
}

/** A column chosen for the labels, and why. */
export interface Choice {
  readonly chosen: Candidate;
  readonly why: string;
}

/**
 * Chooses the label column of a CSV where nobody named it: by its name; else the only column of texts; else the first or the
 * last, whichever alone can be one.
 *
 * @param columns those that are not left out
 * @throws AttarError "bad-data" where none can be, or either can
 */
export function chooseLabel(columns: readonly Candidate[], where: string): Choice {
  const named = columns
    .filter(({ name }) => name !== undefined && isLabelName(name))
    .sort((a, b) => rank(a.name!) - rank(b.name!) || b.at - a.at);
  const fit = named.find((candidate) => !unlikely(candidate, namedShare));
  if (fit) return { chosen: fit, why: "by its name" };
  if (named[0]) throw refused(named[0], "by its name", where, columns, namedShare);

  const texts = columns.filter(({ column }) => column.texts > 0);
  const worded = texts.filter((candidate) => !unlikely(candidate));
  if (texts.length === 1 && worded[0]) return { chosen: worded[0], why: "the only one of texts" };
  if (worded.length > 0) {
    const likeliest = worded.at(-1)!;
    throw badData(
      where,
      `${texts.length} columns hold texts (${listed(texts.map(called), 4)}): which is the label is not clear`,
      `Name it and leave the others out: --label ${typed(likeliest)} --drop ${texts
        .filter((other) => other !== likeliest)
        .map(typed)
        .join(",")}`,
    );
  }
  return atAnEnd(columns, where);
}

/**
 * Chooses the column of numbers to predict where nobody named it: by its name, else the last one.
 *
 * @param columns those that are not left out
 * @throws AttarError "bad-data" where that one holds no numbers, or only one
 */
export function chooseNumbers(columns: readonly Candidate[], where: string): Choice {
  const varied = ({ column: { texts, missing, low, high } }: Candidate) => texts + missing === 0 && high > low;
  const named = columns
    .filter(({ name }) => name !== undefined && isLabelName(name))
    .sort((a, b) => rank(a.name!) - rank(b.name!) || b.at - a.at)
    .find(varied);
  if (named) return { chosen: named, why: "by its name" };
  const last = columns.at(-1)!;
  if (varied(last)) return { chosen: last, why: "the last one" };
  const better = columns.find(varied);
  throw badData(
    where,
    `${called(last)} was taken for the number to predict (the last one), and it holds other than numbers, or one number`,
    better ? `Name the column to predict, for example --label ${typed(better)}` : "Add a column of numbers.",
  );
}

/** The first or the last column, by what their values are. */
function atAnEnd(columns: readonly Candidate[], where: string): Choice {
  const [first, last] = [columns[0]!, columns.at(-1)!];
  const ends = first === last ? [last] : [first, last];
  const likely = ends.filter((end) => !unlikely(end));
  if (likely.length === 0) throw refused(last, "the last one", where, columns);
  const side = (candidate: Candidate) => (candidate === first ? "the first one" : "the last one");
  const few = (candidate: Candidate) => `${side(candidate)}, of ${candidate.column.values!.size} values`;
  if (likely.length === 1) return { chosen: likely[0]!, why: few(likely[0]!) };
  const counted = likely.filter(({ column }) => consecutive(column));
  if (counted.length === 1) return { chosen: counted[0]!, why: `${few(counted[0]!)} without a gap` };
  const between = columns.slice(1, -1).map(({ column }) => column.high);
  const alike = ({ column: { high } }: Candidate) => between.filter((h) => h === high).length * 2 > between.length;
  const apart = likely.filter((candidate) => !alike(candidate));
  if (apart.length === 1) return { chosen: apart[0]!, why: `${few(apart[0]!)}, unlike the others` };
  throw badData(
    where,
    `the label may be ${called(first)}, of ${first.column.values!.size} values, or ${called(last)}, of ${last.column.values!.size}`,
    `Say which: --label ${typed(first)} or --label ${typed(last)}`,
  );
}

function refused(taken: Candidate, why: string, where: string, columns: readonly Candidate[], share?: number) {
  const better = columns.find((other) => other !== taken && !unlikely(other)) ?? columns.find((c) => c !== taken)!;
  const reason = unlikely(taken, share);
  return badData(
    where,
    `${called(taken)} was taken for the label (${why}), and ${reason}`,
    `${reason === decimals ? "Predict its numbers with --target values, or name" : "Name"} the column of the classes, for example --label ${typed(better ?? taken)}`,
  );
}
