import { channelStatistics } from "../channelStatistics.ts";
import { listed } from "../reading.ts";
import { encodeRows } from "./encode.ts";
import { fitPreparation } from "./fit.ts";
import {
  featuresOf,
  type PredictedColumn,
  switchesOf,
  type TableColumn,
  type TablePreparation,
} from "./preparation.ts";
import type { RawRows } from "./rawRows.ts";

/** Both splits of a table as features, and what they were made by. */
export interface MixedSplits {
  readonly preparation: TablePreparation;
  /** [rows, features]. */
  readonly train: Float32Array;
  readonly test?: Float32Array;
  /** What standardises the features: switches of 0 and 1 stay what they are. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly notes: readonly string[];
}

/** A table with categories or missing values as features, everything fitted on the rows of the training split. */
export function mixedSplits(
  train: RawRows,
  test: RawRows | undefined,
  predicted: readonly PredictedColumn[],
): MixedSplits {
  const preparation = fitPreparation(train, predicted);
  const encoded = encodeRows(preparation, train);
  const medians = new Map<number, number>();
  const fallback = (at: number) => medians.get(at) ?? medians.set(at, medianOf(train, at)).get(at)!;
  const tested = test && encodeRows(preparation, test, fallback);
  const features = featuresOf(preparation);
  const { mean, std } = channelStatistics(encoded.values, [features, 1, 1], 1);
  for (const f of switchesOf(preparation)) [mean[f], std[f]] = [0, 1];
  return {
    preparation,
    train: encoded.values,
    ...(tested && { test: tested.values }),
    mean,
    std,
    notes: notesOf(preparation, train, tested?.unknown),
  };
}

function medianOf({ columns, values }: RawRows, at: number): number {
  const j = columns.findIndex((column) => column.at === at);
  const own = values.filter((value, i) => i % columns.length === j && !Number.isNaN(value)).sort();
  return own[(own.length - 1) >> 1]!;
}

function notesOf(
  { columns }: TablePreparation,
  train: RawRows,
  unknown: ReadonlyMap<string, number> | undefined,
): string[] {
  const names = (kept: readonly TableColumn[]) => listed(kept.map(({ name }) => name));
  const categories = columns.filter((column) => column.kind === "category");
  const levels = categories.reduce((sum, column) => sum + column.levels.length, 0);
  const lacking = columns.filter((column) => column.kind === "number" && column.imputed !== undefined);
  const blank = categories.filter((column) => column.levels.includes(""));
  const left = train.columns.filter(({ at }) => !columns.some((column) => column.at === at));
  return [
    ...(categories.length > 0 ? [`categories are one-hot, ${levels} features: ${names(categories)}`] : []),
    ...(lacking.length > 0
      ? [`missing values are imputed by the median, and a feature says where: ${names(lacking)}`]
      : []),
    ...(blank.length > 0 ? [`missing categories are a level of their own: ${names(blank)}`] : []),
    ...(left.length > 0
      ? [`columns without a value in the training split are left out: ${listed(left.map(({ name }) => name))}`]
      : []),
    ...(unknown && unknown.size > 0
      ? [
          `values that the training split does not have are of no level in the test split: ${listed([...unknown.keys()])}`,
        ]
      : []),
  ];
}
