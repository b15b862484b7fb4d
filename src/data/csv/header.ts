import type { ReadOptions } from "../readOptions.ts";
import { type ColumnSurvey, isMissing } from "./columns.ts";
import { isLabelName } from "./labelColumn.ts";

const isNumber = (text: string) => text !== "" && Number.isFinite(Number(text));
/** Fewer columns of 0, 1, 2, … are taken for data. */
const leastCounted = 3;

/** The header of a CSV: the names of its columns, where it has any, and why it is thought to. */
export interface Header {
  /** True where the first record holds names in place of values. */
  readonly first: boolean;
  /** Names of the columns; undefined where they have none. */
  readonly names?: readonly string[];
  readonly note?: string;
}

/**
 * Decides whether the first record is a header: where a cell names a label, where a cell is a text above numbers, and where
 * the cells count 0, 1, 2, … as pandas numbers columns without names. A comment right above the data is a header where it
 * has as many cells, as NumPy writes it.
 */
export function headerOf(survey: ColumnSurvey, separator: string, { header, label }: ReadOptions): Header {
  const { first, columns, comment, firstLine } = survey;
  const named: Header = { first: true, names: first };
  if (header !== undefined) return header ? named : { first: false };
  if (first.some((text) => isLabelName(text) || (label !== undefined && text === label && !isNumber(text))))
    return named;
  if (first.some((text, i) => !isNumber(text) && !isMissing(text) && columns[i]!.numbers > 0)) return named;
  const counted = first[0] === "" ? first.slice(1) : first;
  const note = `line ${firstLine} counts 0, 1, 2, … and is taken for a header (--no-header reads it as data)`;
  if (counted.length >= leastCounted && counted.every((text, i) => text === String(i))) return { ...named, note };
  const remarked = comment?.split(separator).map((text) => text.trim());
  if (remarked?.length === first.length && remarked.length > 1 && !remarked.every(isNumber))
    return { first: false, names: remarked, note: "the comment above the data names its columns" };
  return { first: false };
}
