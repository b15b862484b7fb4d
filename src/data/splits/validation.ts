import { AttarError } from "../../engine/errors.ts";
import { randomKey } from "../../engine/random.ts";
import { size } from "../../engine/tensor.ts";
import { datasetChecksum } from "../checksum.ts";
import type { Dataset, Split } from "../dataset.ts";
import { rowsOf } from "../rowsOf.ts";
import { valuesOf } from "../samples.ts";
import { heldOutRows, heldOutText } from "./heldOut.ts";

export interface ValidationOptions {
  /** The share of every class that is held out, between 0 and 1. */
  readonly share: number;
  /** Held-out rows at most, beside one of every class; without a limit where left out. */
  readonly most?: number;
  readonly seed: number;
}

/**
 * A dataset to choose settings by: it trains on a part of the training split, and is tested on the rest of it. The test split of
 * the dataset is not in it. Normalisation, and how a table's columns became features, stay those of the whole training split.
 *
 * @throws AttarError "bad-option" for a share out of range, "bad-data" where no class has two rows
 */
export async function withValidation(dataset: Dataset, { share, most, seed }: ValidationOptions): Promise<Dataset> {
  if (!(share > 0 && share < 1))
    throw new AttarError(
      "bad-option",
      `the share to hold out must be between 0 and 1, got ${share}`,
      "for example --validation-share 0.2",
    );
  const { train, classes, shape, source, reading } = dataset;
  const held = Math.min(share, (most ?? Number.POSITIVE_INFINITY) / train.labels.length);
  const rows = heldOutRows(train.labels, classes, held, source, {
    key: randomKey(seed).fold("validation"),
    hint: "Settings are chosen on rows that are not trained on: give two rows of a class or more.",
  });
  const part = (own: Int32Array): Split => ({
    images: rowsOf(train.images, size(shape), Array.from(own)),
    labels: Int32Array.from(own, (i) => train.labels[i]!),
    ...(train.values && { values: valuesOf(dataset, "train", own).values!.data as Float32Array }),
  });
  const splits = { train: part(rows.train), test: part(rows.test) };
  return {
    ...dataset,
    ...splits,
    checksum: await datasetChecksum(shape, splits.train, splits.test),
    ...(reading && { reading: { ...reading, testSplit: `${heldOutText(share)} of the training split` } }),
  };
}
