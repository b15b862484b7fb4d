import type { TablePreparation } from "./preparation.ts";
import { featuresOf, widthOf } from "./preparation.ts";
import type { RawRows } from "./rawRows.ts";

/** Rows as features. */
export interface EncodedRows {
  /** [rows, features]. */
  readonly values: Float32Array;
  /** The number of values by column name that are of no level of the training split: all their features are 0. */
  readonly unknown: ReadonlyMap<string, number>;
}

/**
 * Rows of a table as features: numbers, imputed where they are missing, with 1 in the feature behind them then; categories
 * one-hot. A value missing where the training split lacks none is imputed by `fallback`, and no feature says so.
 *
 * @param fallback a value by column position in the table, of columns that lack none in the training split
 */
export function encodeRows(
  preparation: TablePreparation,
  rows: RawRows,
  fallback: (at: number) => number = () => 0,
): EncodedRows {
  const width = rows.columns.length;
  const count = rows.values.length / width;
  const features = featuresOf(preparation);
  const values = new Float32Array(count * features);
  const unknown = new Map<string, number>();
  let first = 0;
  for (const column of preparation.columns) {
    const j = rows.columns.findIndex(({ at }) => at === column.at);
    const names = rows.columns[j]!.levels;
    const places = names?.map((name) => (column.kind === "category" ? column.levels.indexOf(name) : -1));
    const blank = column.kind === "category" ? column.levels.indexOf("") : -1;
    for (let i = 0; i < count; i++) {
      const value = rows.values[i * width + j]!;
      const missing = Number.isNaN(value);
      const to = i * features + first;
      if (column.kind === "number") {
        values[to] = missing ? (column.imputed ?? fallback(column.at)) : value;
        if (missing && column.imputed !== undefined) values[to + 1] = 1;
        continue;
      }
      const place = missing ? blank : places![value]!;
      if (place >= 0) values[to + place] = 1;
      else unknown.set(column.name, (unknown.get(column.name) ?? 0) + 1);
    }
    first += widthOf(column);
  }
  return { values, unknown };
}
