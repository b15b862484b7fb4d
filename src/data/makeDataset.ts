import { size } from "../engine/tensor.ts";
import { badData } from "./badData.ts";
import { channelStatistics } from "./channelStatistics.ts";
import { datasetChecksum, type PixelDigests } from "./checksum.ts";
import type { Dataset, Normalisation, Split } from "./dataset.ts";
import { type Domain, domainOf } from "./domain.ts";
import type { Reading } from "./reading.ts";
import type { ColumnNames } from "./table/columnNames.ts";
import { plainPreparation } from "./table/fit.ts";
import type { TablePreparation } from "./table/preparation.ts";
import { unitsOf } from "./valueRange.ts";
import type { ValuesTarget } from "./valuesTarget.ts";

/** The kinds of normalisation: per channel, per channel and then ZCA-whitened, or only scaled to 0..1. */
export type NormalisationKind = "channel" | "zca" | "none";

/** A dataset as a reader of a format hands it over. */
export interface RawDataset {
  readonly name: string;
  /** The dataset's name among the known ones, where it is one. */
  readonly known?: string;
  /** The domain of its samples; left out, as their shape tells. */
  readonly domain?: Domain;
  readonly shape: readonly [number, number, number];
  readonly classes: readonly string[];
  /** The numbers to predict; each split has them then, as `targetOfValues` makes them. */
  readonly target?: ValuesTarget;
  readonly train: Split;
  readonly test?: Split;
  /** Stored value that stands for 1; 1 where the reader knows none. */
  readonly scale: number;
  /** The field's constants where the dataset has them; else measured on the training split. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** How a table's columns became features; `mean` and `std` standardise what it made. */
  readonly table?: TablePreparation;
  /** In its place the columns of a table whose every column is one feature, a number. */
  readonly columns?: ColumnNames;
  readonly source: string;
  /** An account of how it was read and what was guessed. */
  readonly reading?: Reading;
  /** SHA-256 of the splits' pixels, where the reader knows them already. */
  readonly pixelDigests?: PixelDigests;
}

/**
 * Checks what a reader found, measures its normalisation and makes it a {@link Dataset}.
 *
 * @throws AttarError "bad-data": counts that do not match the shape, fewer than two classes, a class without a training
 * image, labels out of range, pixels that are not finite
 */
export async function makeDataset(raw: RawDataset, kind: NormalisationKind = "channel"): Promise<Dataset> {
  const { name, known, shape, domain = domainOf(shape), classes, target, train, source, reading } = raw;
  const test = raw.test ?? {
    images: emptyLike(train.images),
    labels: new Int32Array(0),
    ...(target && { values: new Float32Array(0) }),
  };
  if (shape.some((d) => !Number.isInteger(d) || d < 1))
    throw badData(source, `images of size [${shape}] hold no pixel`);
  if (classes.length < 2)
    throw badData(
      source,
      `found ${classes.length === 1 ? `one class only (${JSON.stringify(classes[0])})` : "no class"}`,
      "Condensing needs two classes or more; check which are the labels.",
    );
  checkSplit(train, "training", raw);
  checkSplit(test, "test", raw);
  const counts = new Uint32Array(classes.length);
  for (const label of train.labels) counts[label]!++;
  const empty = counts.indexOf(0);
  if (empty >= 0)
    throw badData(
      source,
      `class "${classes[empty]}" has no training image`,
      "Every class needs at least one training image.",
    );
  const checksum = await datasetChecksum(shape, train, test, raw.pixelDigests);
  const normalisation = statistics(raw, kind);
  const { columns } = raw;
  const table = raw.table ?? (columns && plainPreparation(train.images, columns.features, columns.predicted));
  const dataset: Dataset = {
    name,
    ...(known !== undefined && { known }),
    domain,
    shape,
    classes,
    ...(target && { target }),
    ...(table && { table }),
    train,
    test,
    normalisation,
    checksum,
    source,
    ...(reading && { reading }),
  };
  if (kind !== "zca") return dataset;
  const { fitZca } = await import("./zca.ts"); // only here: it brings the engine and the tracer
  return { ...dataset, normalisation: { ...normalisation, zca: await fitZca(dataset) } };
}

function statistics({ shape, train, mean, std, ...raw }: RawDataset, kind: NormalisationKind): Normalisation {
  const units = unitsOf(train, shape, raw.scale);
  if (kind === "none") return { ...units, mean: Array(shape[0]).fill(0), std: Array(shape[0]).fill(1) };
  if (mean && std) return { ...units, mean, std };
  return { ...units, ...channelStatistics(train.images, shape, units.scale) };
}

const emptyLike = (images: Uint8Array | Float32Array) =>
  images instanceof Uint8Array ? new Uint8Array(0) : new Float32Array(0);

function checkSplit({ images, labels, values }: Split, split: string, raw: RawDataset): void {
  const { shape, classes, source, target } = raw;
  if (target && values?.length !== labels.length * target.names.length)
    throw badData(source, `${labels.length} ${split} samples have ${values?.length ?? 0} numbers to predict`);
  if (images.length !== labels.length * size(shape))
    throw badData(source, `${labels.length} ${split} labels for ${images.length / size(shape)} images`);
  for (let i = 0; i < labels.length; i++)
    if (!(labels[i]! >= 0 && labels[i]! < classes.length))
      throw badData(source, `${split} label ${i} is ${labels[i]}, out of range 0 to ${classes.length - 1}`);
  if (images instanceof Float32Array)
    for (let i = 0; i < images.length; i++)
      if (!Number.isFinite(images[i]!))
        throw badData(
          source,
          `${split} image ${Math.floor(i / size(shape))} holds a value that is not finite: ${images[i]}, at place ${i % size(shape)} of [${shape}]`,
          "Mend the values (numpy.nan_to_num(images), say), or leave those images out.",
        );
}
