/** A column of numbers: one feature, standardised; a second one says where the value was missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** The column's place in the table that was read, from 0. */
  readonly at: number;
  /** Decimals that every value is written with; absent where they have more than nine, or more than 32-bit floats hold. */
  readonly decimals?: number;
  /** What a missing value was imputed by, the median; absent where the training split lacks none. */
  readonly imputed?: number;
}

/** A column of categories: one feature a level, 1 for the one that it is. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  readonly at: number;
  /** The texts of the levels; a missing value is the level "" where the training split lacks some. */
  readonly levels: readonly string[];
}

export type TableColumn = NumberColumn | CategoryColumn;

/** A column that is predicted. */
export interface PredictedColumn {
  readonly name: string;
  readonly at: number;
  /** Decimals of the numbers to predict, as of a {@link NumberColumn}. */
  readonly decimals?: number;
}

/**
 * The step from a table to the rows of numbers that networks see, fitted on the training split alone: which features a column
 * becomes. Standardising is the dataset's normalisation; one-hot features and indicators pass it unchanged. JSON-serialisable.
 */
export interface TablePreparation {
  /** In the order of features. */
  readonly columns: readonly TableColumn[];
  readonly predicted: readonly PredictedColumn[];
}

/** The number of features that a column becomes. */
export const widthOf = (column: TableColumn): number =>
  column.kind === "category" ? column.levels.length : column.imputed === undefined ? 1 : 2;

/** The number of features of a row. */
export const featuresOf = ({ columns }: TablePreparation): number =>
  columns.reduce((sum, column) => sum + widthOf(column), 0);

/** Positions of features that are 0 or 1: one-hot ones and indicators of a missing value. */
export function switchesOf({ columns }: TablePreparation): number[] {
  let first = 0;
  return columns.flatMap((column) => {
    const width = widthOf(column);
    const own = Array.from({ length: width }, (_, i) => first + i);
    first += width;
    return column.kind === "category" ? own : own.slice(1);
  });
}

/** The names of features: a column's own, `column=level`, and `column missing`. */
export const featureNames = ({ columns }: TablePreparation): string[] =>
  columns.flatMap((column) =>
    column.kind === "category"
      ? column.levels.map((level) => `${column.name}=${level}`)
      : [column.name, ...(column.imputed === undefined ? [] : [`${column.name} missing`])],
  );

/** Tells whether each column is one feature: numbers, none of them missing. */
export const isPlain = ({ columns }: TablePreparation): boolean =>
  columns.every((column) => widthOf(column) === 1 && column.kind === "number");
