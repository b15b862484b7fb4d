import { size } from "../../engine/tensor.ts";
import { datasetChecksum } from "../checksum.ts";
import type { Dataset } from "../dataset.ts";
import { rowsOf } from "../rowsOf.ts";

/**
 * A dataset that trains on some rows of the training split. The test split, the normalisation, and how a table's columns became
 * features, stay those of the whole one. Of datasets with classes.
 *
 * @param rows positions in the training split
 * @param relabelled their classes from those that they have; left out, they keep them
 */
export async function onRows(
  dataset: Dataset,
  rows: readonly number[],
  relabelled: (labels: Int32Array) => Int32Array = (labels) => labels,
): Promise<Dataset> {
  const { shape, train, test } = dataset;
  const labels = relabelled(Int32Array.from(rows, (i) => train.labels[i]!));
  const own = { images: rowsOf(train.images, size(shape), rows), labels };
  return { ...dataset, train: own, checksum: await datasetChecksum(shape, own, test) };
}
