/** A column as it is read, before anything is fitted. */
export interface RawColumn {
  readonly name: string;
  /** Its place in the table, from 0. */
  readonly at: number;
  /** Texts of the levels that values index, where they are categories; in the order in which they were met. */
  readonly levels?: readonly string[];
}

/** Rows of a table as they are read: [rows, columns], numbers or indices of levels, NaN where there is none. */
export interface RawRows {
  readonly columns: readonly RawColumn[];
  readonly values: Float64Array;
}

/** Some rows of a table. */
export function someRows({ columns, values }: RawRows, rows: ArrayLike<number>): RawRows {
  const width = columns.length;
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) out.set(values.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return { columns, values: out };
}
