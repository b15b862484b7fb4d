import { sortedNames } from "../labelNames.ts";
import { decimalsOf } from "./decimals.ts";
import type { PredictedColumn, TableColumn, TablePreparation } from "./preparation.ts";
import type { RawRows } from "./rawRows.ts";

/**
 * The preparation of a table, fitted on rows of the training split: levels that it has, medians and decimals of its numbers.
 * A column without a value in these rows is left out.
 */
export function fitPreparation(train: RawRows, predicted: readonly PredictedColumn[]): TablePreparation {
  const { columns, values } = train;
  const width = columns.length;
  const fitted = columns.map(({ name, at, levels }, j): TableColumn | undefined => {
    const own = Float64Array.from({ length: values.length / width }, (_, i) => values[i * width + j]!);
    const present = own.filter((value) => !Number.isNaN(value));
    if (present.length === 0) return undefined;
    const lacking = present.length < own.length;
    if (levels) {
      const met = sortedNames([...new Set(present)].map((code) => levels[code]!));
      return { kind: "category", name, at, levels: lacking ? [...met, ""] : met };
    }
    const decimals = decimalsOf(present);
    return {
      kind: "number",
      name,
      at,
      ...(decimals !== undefined && { decimals }),
      ...(lacking && { imputed: lowerMedian(present) }),
    };
  });
  return { columns: fitted.filter((column) => column !== undefined), predicted };
}

/** The preparation of a table of numbers, none of them missing. @param rows [n, names.length] of the training split */
export function plainPreparation(
  rows: ArrayLike<number>,
  columns: readonly PredictedColumn[],
  predicted: readonly PredictedColumn[],
): TablePreparation {
  return {
    columns: columns.map(({ name, at }, j) => {
      const decimals = decimalsOf(rows, j, columns.length);
      return { kind: "number", name, at, ...(decimals !== undefined && { decimals }) };
    }),
    predicted,
  };
}

/** The median; of two in the middle the lower, so that it is a value of the column. */
function lowerMedian(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[(sorted.length - 1) >> 1]!;
}
