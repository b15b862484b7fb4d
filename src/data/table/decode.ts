import type { CondensedSet } from "../dataset.ts";
import { originalValues } from "../valuesTarget.ts";
import { unwhiten } from "../whiten.ts";
import { rounded } from "./decimals.ts";
import { type TableColumn, type TablePreparation, widthOf } from "./preparation.ts";

/** A cell of a table: a number, a text, or nothing where it is missing. */
export type Cell = number | string | null;

/** A column of a decoded table. */
export interface DecodedColumn {
  readonly name: string;
  readonly cells: readonly Cell[];
  /** True where all are whole numbers by what the column is. */
  readonly whole: boolean;
}

/**
 * The rows of a condensed table in the columns and units of the table that it was made from, in their order: the inverse of its
 * preparation. The level is the largest of its features, a value is missing where the feature that says so is above a half, and
 * numbers have the decimals of their column.
 */
export function decodeTable(set: CondensedSet, { columns, predicted }: TablePreparation): DecodedColumn[] {
  const { images, shape, labels, values, target, classes, normalisation } = set;
  const { scale, mean, std, zca } = normalisation;
  const [features] = shape;
  const rows = images.slice();
  if (zca) unwhiten(rows, zca);
  const stored = (i: number, f: number) => (rows[i * features + f]! * std[f]! + mean[f]!) * scale;
  const decoded: (DecodedColumn & { at: number })[] = [];
  let first = 0;
  for (const column of columns) {
    const own = Array.from({ length: widthOf(column) }, (_, i) => first + i);
    const cells = Array.from(labels, (_, i) =>
      cellOf(
        column,
        own.map((f) => stored(i, f)),
      ),
    );
    decoded.push({ name: column.name, at: column.at, cells, whole: column.kind === "number" && column.decimals === 0 });
    first += own.length;
  }
  const told = values && target && originalValues(values, target);
  const k = predicted.length;
  for (const [j, { name, at, decimals }] of predicted.entries()) {
    const cells = Array.from(labels, (label, i) => (told ? rounded(told[i * k + j]!, decimals) : classes[label]!));
    decoded.push({ name, at, cells, whole: told !== undefined && decimals === 0 });
  }
  return decoded.sort((a, b) => a.at - b.at);
}

function cellOf(column: TableColumn, features: readonly number[]): Cell {
  if (column.kind === "category") return column.levels[features.indexOf(Math.max(...features))] || null;
  if (column.imputed !== undefined && features[1]! > 0.5) return null;
  return rounded(features[0]!, column.decimals);
}
