import { Tensor } from "../engine/tensor.ts";
import type { Dataset } from "./dataset.ts";
import { normaliseBatch } from "./normaliseBatch.ts";

/** Samples as a network sees them. */
export interface Samples {
  /** [n, C, H, W], normalised. */
  readonly images: Tensor;
  /** The class of each, or the bin of what is predicted of it. */
  readonly labels: Int32Array;
  /** Numbers to predict, [n, k], standardised; of datasets with a numeric target. */
  readonly values?: Tensor;
}

/** The number of samples of a split. */
export const countOf = (dataset: Dataset, split: "train" | "test"): number => dataset[split].labels.length;

/** The samples of a split at some positions, or all of them. */
export async function samplesOf(dataset: Dataset, split: "train" | "test", rows?: ArrayLike<number>): Promise<Samples> {
  const { labels } = dataset[split];
  return {
    images: await normaliseBatch(dataset, split, rows),
    labels: rows ? Int32Array.from(rows, (i) => labels[i]!) : labels,
    ...valuesOf(dataset, split, rows),
  };
}

/** The numbers to predict of some samples of a split, or of all of them; nothing where what is predicted is a class. */
export function valuesOf(dataset: Dataset, split: "train" | "test", rows?: ArrayLike<number>): Pick<Samples, "values"> {
  const { values } = dataset[split];
  if (!dataset.target || !values) return {};
  const k = dataset.target.names.length;
  if (!rows) return { values: new Tensor(values, [values.length / k, k], "float32") };
  const out = new Float32Array(rows.length * k);
  for (let i = 0; i < rows.length; i++) out.set(values.subarray(rows[i]! * k, (rows[i]! + 1) * k), i * k);
  return { values: new Tensor(out, [rows.length, k], "float32") };
}
