import { isMissing } from "./columns.ts";
import type { TableRecord } from "./records.ts";
import { changed, LabelTexts } from "./table.ts";

/** Levels of categories by the text of a cell, in the order in which they are met. */
export type Levels = Map<string, number>;

/** The columns that a second pass fills from one file. */
export interface MixedColumns {
  /** Positions of the features in the file. */
  readonly features: readonly number[];
  /** The levels of each feature, which cells add to; undefined for numbers. */
  readonly levels: readonly (Levels | undefined)[];
  readonly label?: number;
  readonly targets?: readonly number[];
  readonly header: boolean;
  readonly rows: number;
}

/** The second pass over a table with categories or missing values: numbers, indices of levels, NaN for what is missing. */
export class MixedFill {
  /** [rows, features]. */
  readonly values: Float64Array;
  readonly labels: string[] = [];
  /** Numbers to predict, [rows, k]. */
  readonly targets: Float64Array;
  private readonly texts = new LabelTexts();
  private row = 0;
  private skip: boolean;

  constructor(
    private readonly where: string,
    private readonly columns: MixedColumns,
  ) {
    const { rows, features, targets = [], header } = columns;
    this.values = new Float64Array(rows * features.length);
    this.targets = new Float64Array(rows * targets.length);
    this.skip = header;
  }

  readonly record = (record: TableRecord): void => {
    if (this.skip) {
      this.skip = false;
      return;
    }
    const { features, levels, label, targets = [], rows } = this.columns;
    if (this.row >= rows) throw changed(this.where);
    for (const [j, at] of features.entries()) {
      const own = levels[j];
      this.values[this.row * features.length + j] = own ? levelOf(own, record, at) : record.number(at);
    }
    for (const [j, at] of targets.entries()) this.targets[this.row * targets.length + j] = record.number(at);
    if (label !== undefined && targets.length === 0) this.labels.push(this.texts.of(record, label));
    this.row++;
  };

  /** @throws AttarError "bad-data" where the file is another one than the first pass saw */
  end(): void {
    if (this.row !== this.columns.rows) throw changed(this.where);
  }
}

function levelOf(levels: Levels, record: TableRecord, at: number): number {
  const text = record.text(at);
  if (isMissing(text)) return Number.NaN;
  const known = levels.get(text);
  if (known !== undefined) return known;
  levels.set(text, levels.size);
  return levels.size - 1;
}
