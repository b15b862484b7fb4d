import { badData } from "../badData.ts";
import { isUnlabelled } from "../labelNames.ts";
import type { ReadOptions } from "../readOptions.ts";
import { ColumnSurvey } from "./columns.ts";
import { isLabelName } from "./labelColumn.ts";
import { isIdName, type Layout, layoutOf, refuseMixed } from "./layout.ts";
import { CsvReader, type TableRecord } from "./records.ts";

/** A CSV table of numeric columns and one label column. */
export interface LabelledTable {
  /** Names of the numeric columns; empty where the file has no header. */
  readonly columns: readonly string[];
  /** [rows, features], row-major. */
  readonly values: Float32Array | Uint8Array;
  readonly features: number;
  /** The label column's text, one a row; a whole number without its decimals ("1" for 1.0). */
  readonly labels: readonly string[];
  /** The label column in words, and why it was taken. */
  readonly labelColumn: string;
  /** The guesses, and what was left out, a sentence each. */
  readonly notes: readonly string[];
}

/** The first of two passes over a table: what its columns are. Hand it every record and remark. */
export function surveyFor({ label, categories = [] }: ReadOptions): ColumnSurvey {
  const wanted = [...categories, ...(label === undefined ? [] : [label])];
  return new ColumnSurvey((name) => isLabelName(name) || isIdName(name) || wanted.includes(name));
}

/** The labels of rows as texts, one string for all that are the same. */
export class LabelTexts {
  private readonly texts = new Map<string, string>();

  /** The label of a record; a whole number without its decimals. */
  of(record: TableRecord, column: number): string {
    const value = record.number(column);
    const text = Number.isSafeInteger(value) ? String(value) : record.text(column);
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}

/** The second pass over a table of numbers: these and the labels, into arrays of the right size. */
export class NumberFill {
  readonly labels: string[] = [];
  private readonly texts = new LabelTexts();
  private row = 0;
  private skip: boolean;

  /**
   * @param values [rows, features], written to
   * @param features positions of the features in the file, in the order of `values`
   * @param label position of the label; undefined where the file has none
   */
  constructor(
    private readonly where: string,
    private readonly values: Uint8Array | Float32Array,
    private readonly features: readonly number[],
    private readonly label: number | undefined,
    header: boolean,
  ) {
    this.skip = header;
  }

  readonly record = (record: TableRecord): void => {
    if (this.skip) {
      this.skip = false;
      return;
    }
    let at = this.row++ * this.features.length;
    for (const column of this.features) this.values[at++] = record.number(column);
    if (this.label !== undefined) this.labels.push(this.texts.of(record, this.label));
  };

  /** @throws AttarError "bad-data" where the file is another one than the first pass saw */
  end(): void {
    if (this.row * this.features.length !== this.values.length) throw changed(this.where);
  }
}

/** The error of a file that the second pass finds other than the first. */
export const changed = (where: string) => badData(where, "changed while it was read", "Run the command again.");

/** @throws AttarError "bad-data" naming the first row without a label */
export function refuseUnlabelledRows({ columns, label }: Layout, where: string): void {
  const { missing, missingAt } = columns[label]!;
  if (missing > 0)
    throw badData(
      where,
      `line ${missingAt} has no label (column ${label + 1})`,
      "Fill in or drop the rows without a label first.",
    );
}

/**
 * Reads a CSV of numeric features and one label column. Which column is the label, whether the first line is a header and
 * which columns number the rows is told by names and values ({@link LabelledTable.notes} say how); the options decide
 * otherwise. Commas, semicolons or tabs; cells may be quoted.
 *
 * @throws AttarError "bad-data" naming line and column: a missing, non-numeric, NaN or infinite value, uneven rows, a label
 * column that cannot be one
 */
export function parseCsv(text: string, where: string, options: ReadOptions = {}): LabelledTable {
  const bytes = new TextEncoder().encode(text);
  const read = (onRecord: (record: TableRecord) => void, onRemark?: (text: string) => void) => {
    const reader = new CsvReader(where, onRecord, onRemark);
    reader.push(bytes);
    reader.end();
    return reader.separator;
  };
  const survey = surveyFor(options);
  const layout = layoutOf(survey, read(survey.record, survey.remark), where, options);
  refuseMixed(layout, where);
  refuseUnlabelledRows(layout, where);
  const { features, label, header, names } = layout;
  const values = new Float32Array(layout.rows * features.length);
  const fill = new NumberFill(where, values, features, label, header);
  read(fill.record);
  fill.end();
  return {
    columns: names ? features.map((at) => names[at]!) : [],
    values,
    features: features.length,
    labels: fill.labels,
    labelColumn: layout.labels,
    notes: layout.notes,
  };
}

/** Tells whether no row of a file has a label, as in the test file of a competition. */
export const noneLabelled = (labels: readonly string[]): boolean => labels.length > 0 && labels.every(isUnlabelled);
