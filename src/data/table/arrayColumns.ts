import type { NamedArrays } from "../arrayNamings.ts";
import type { ColumnNames } from "./columnNames.ts";
import { type MixedSplits, mixedSplits } from "./mixedSplits.ts";
import { featuresOf } from "./preparation.ts";

/** Rows of features of both splits, [n, features]. */
interface Rows {
  readonly train: Uint8Array | Float32Array;
  readonly test?: Uint8Array | Float32Array;
}

/** Arrays that hold the names of features. */
const nameArrays = ["feature_names", "featurenames", "columns"];

/** The columns of a table in arrays: features by the texts of `feature_names` where there are as many, then what is predicted. */
export function arrayColumns(arrays: NamedArrays, features: number, predicted: readonly string[]): ColumnNames {
  const key = [...arrays.keys()].find((name) => nameArrays.includes(name.toLowerCase()));
  const found = key === undefined ? undefined : arrays.get(key);
  const names = found && "texts" in found && found.texts.length === features ? found.texts : undefined;
  return {
    features: Array.from({ length: features }, (_, at) => ({ name: names?.[at] ?? `feature${at + 1}`, at })),
    predicted: predicted.map((name, j) => ({ name, at: features + j })),
  };
}

/** Tells whether rows lack values: NaN. */
export const isLacking = ({ train, test }: Rows): boolean =>
  [train, test].some((rows) => rows instanceof Float32Array && rows.some(Number.isNaN));

/** Rows that lack values, imputed by the medians of the training split, with features that say where. */
export function imputedArrays(
  { train, test }: Rows,
  { features, predicted }: ColumnNames,
): MixedSplits & { readonly shape: readonly [number, number, number] } {
  const raw = (rows: ArrayLike<number>) => ({ columns: features, values: Float64Array.from(rows) });
  const made = mixedSplits(raw(train), test && raw(test), predicted);
  return { ...made, shape: [featuresOf(made.preparation), 1, 1] };
}
