import type { Layout } from "../csv/layout.ts";
import { decimalsOf } from "./decimals.ts";
import type { PredictedColumn } from "./preparation.ts";

/** The names and places of a table's features and of what is predicted. */
export interface ColumnNames {
  readonly features: readonly PredictedColumn[];
  readonly predicted: readonly PredictedColumn[];
}

/**
 * The names and places of a table's columns. Features without a name are `feature1` and so on, the label is `label`.
 *
 * @param values numbers to predict, [n, k], whose decimals are kept
 */
export function columnNames(
  { names, features, label, targets }: Pick<Layout, "names" | "features" | "label" | "targets">,
  values?: ArrayLike<number>,
): ColumnNames {
  const k = targets?.length ?? 1;
  return {
    features: features.map((at, j) => ({ name: names?.[at] || `feature${j + 1}`, at })),
    predicted: (targets ?? [label]).map((at, j) => {
      const decimals = targets && values ? decimalsOf(values, j, k) : undefined;
      const unnamed = targets ? `column ${at + 1}` : "label";
      return { name: names?.[at] || unnamed, at, ...(decimals !== undefined && { decimals }) };
    }),
  };
}
