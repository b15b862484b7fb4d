import { maxClasses } from "../labelNames.ts";
import type { TableRecord } from "./records.ts";

/** Texts that stand for a missing value. */
export const isMissing = (text: string): boolean => /^([+-]?(nan|inf|infinity)|null|na|n\/a|none|\?)?$/i.test(text);

/** Tables of at most so many columns have the values of each of them counted; of wider ones those at either end, and texts. */
const fewColumns = 64;
const atEitherEnd = 3;

/** The kind of cells that one column has. */
export class Column {
  /** Cells that are numbers; how many of these are whole, and how many are missing or other texts. */
  numbers = 0;
  wholes = 0;
  missing = 0;
  texts = 0;
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;
  /** The line of the first cell without a value, and of the first text. */
  missingAt = 0;
  /** The number of cells that say infinity; they count as missing as well. */
  infinite = 0;
  missingText = "";
  textAt = 0;
  firstText = "";
  /** The number of times that each value occurs; undefined where they are not counted or are too many. */
  values: Map<number | string, number> | undefined;
  /** True where each cell is one more than the one above. */
  climbs = true;
  first = Number.NaN;
  private previous = Number.NaN;

  constructor(counted: boolean) {
    if (counted) this.values = new Map();
  }

  number(value: number): void {
    this.numbers++;
    if (Number.isInteger(value)) this.wholes++;
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
    if (this.climbs) {
      if (this.numbers === 1) this.first = value;
      else if (value !== this.previous + 1) this.climbs = false;
      this.previous = value;
    }
    if (this.values) this.count(value);
  }

  text(text: string, line: number): void {
    this.climbs = false;
    if (isMissing(text)) {
      if (/inf/i.test(text)) this.infinite++;
      if (this.missing++ === 0) [this.missingAt, this.missingText] = [line, text];
      return;
    }
    if (this.texts++ === 0) {
      this.textAt = line;
      this.firstText = text;
      if (this.numbers === 0) this.values ??= new Map();
    }
    if (this.values) this.count(text);
  }

  get cells(): number {
    return this.numbers + this.texts + this.missing;
  }

  private count(value: number | string): void {
    const { values } = this;
    values!.set(value, (values!.get(value) ?? 0) + 1);
    if (values!.size > maxClasses) this.values = undefined;
  }
}

/** The columns of a CSV, gone through once: the first record, which may be a header, and what is below it. */
export class ColumnSurvey {
  /** Texts of the first record. */
  first: string[] = [];
  firstLine = 0;
  columns: Column[] = [];
  /** Records below the first. */
  rows = 0;
  /** The last comment above the first record. */
  comment: string | undefined;
  /** A record whose number of cells is another than the first one's. */
  uneven: { line: number; width: number } | undefined;

  /** @param counted names of columns whose values are counted wherever they stand */
  constructor(private readonly counted: (name: string) => boolean) {}

  readonly record = (record: TableRecord): void => {
    if (this.columns.length === 0) {
      this.first = record.texts();
      this.firstLine = record.line;
      const { width } = record;
      this.columns = this.first.map(
        (name, i) =>
          new Column(width <= fewColumns || i < atEitherEnd || i >= width - atEitherEnd || this.counted(name)),
      );
      return;
    }
    if (record.width !== this.columns.length) {
      this.uneven ??= { line: record.line, width: record.width };
      return;
    }
    this.rows++;
    for (const [i, column] of this.columns.entries()) {
      const value = record.number(i);
      if (Number.isNaN(value)) column.text(record.text(i), record.line);
      else column.number(value);
    }
  };

  readonly remark = (text: string): void => {
    if (this.columns.length === 0) this.comment = text;
  };
}
