import { badData } from "../badData.ts";
import { isUnlabelled } from "../labelNames.ts";
import type { ReadOptions } from "../readOptions.ts";
import { ColumnSurvey } from "./columns.ts";
import { isLabelName } from "./labelColumn.ts";
import { isIdName, type Layout, layoutOf } from "./layout.ts";
import { CsvReader, type CsvRecord } from "./records.ts";

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

/**
 * The first of two passes over a CSV: what its columns are. Feed it the file's bytes, then ask for the layout.
 */
export class CsvSurvey {
  readonly columns: ColumnSurvey;
  private readonly reader: CsvReader;

  constructor(
    private readonly where: string,
    private readonly options: ReadOptions = {},
  ) {
    const { label } = options;
    this.columns = new ColumnSurvey((name) => isLabelName(name) || isIdName(name) || name === label);
    this.reader = new CsvReader(where, this.columns.record, this.columns.remark);
  }

  push(piece: Uint8Array): void {
    this.reader.push(piece);
  }

  /** Ends the file. @throws AttarError "bad-data" */
  end(): this {
    this.reader.end();
    if (this.columns.columns.length === 0) throw badData(this.where, "the CSV is empty");
    return this;
  }

  get separator(): string {
    return this.reader.separator;
  }

  layout(): Layout {
    return layoutOf(this.columns, this.separator, this.where, this.options);
  }
}

/** The second pass over a CSV: its numbers and labels, into arrays of the right size. */
export class CsvFill {
  readonly labels: string[] = [];
  private readonly reader: CsvReader;
  private readonly texts = new Map<string, string>();
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
    this.reader = new CsvReader(where, (record) => this.record(record));
  }

  push(piece: Uint8Array): void {
    this.reader.push(piece);
  }

  /** @throws AttarError "bad-data" where the file is another one than the first pass saw */
  end(): void {
    this.reader.end();
    if (this.row * this.features.length !== this.values.length)
      throw badData(this.where, "changed while it was read", "Run the command again.");
  }

  private record(record: CsvRecord): void {
    if (this.skip) {
      this.skip = false;
      return;
    }
    let at = this.row++ * this.features.length;
    for (const column of this.features) this.values[at++] = record.number(column);
    if (this.label !== undefined) this.labels.push(this.text(record, this.label));
  }

  /** The label, one string for all that are the same. @throws AttarError "bad-data" where there is none */
  private text(record: CsvRecord, column: number): string {
    const value = record.number(column);
    const text = Number.isSafeInteger(value) ? String(value) : record.text(column);
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}

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
  const survey = new CsvSurvey(where, options);
  survey.push(bytes);
  const layout = survey.end().layout();
  refuseUnlabelledRows(layout, where);
  const { features, label, header, names } = layout;
  const values = new Float32Array(layout.rows * features.length);
  const fill = new CsvFill(where, values, features, label, header);
  fill.push(bytes);
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
