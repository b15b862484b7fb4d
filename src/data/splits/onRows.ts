import { size } from "../../engine/tensor.ts";
import { datasetChecksum } from "../checksum.ts";
import type { Dataset } from "../dataset.ts";
import { rowsOf } from "../rowsOf.ts";

/**
 * A dataset that trains on some rows of the training split. The test split, the normalisation, and how a table's columns became
 * features, stay those of the whole one. Of datasets with classes.
 *
 * @param rows positions in the training split
 * @param labels their classes, where these are to be others
 */
export async function onRows(
  dataset: Dataset,
  rows: readonly number[],
  labels: Int32Array = Int32Array.from(rows, (i) => dataset.train.labels[i]!),
): Promise<Dataset> {
  const { shape, train, test } = dataset;
  const own = { images: rowsOf(train.images, size(shape), rows), labels };
  return { ...dataset, train: own, checksum: await datasetChecksum(shape, own, test) };
}
