import type { Dataset } from "../dataset.ts";
import { openParquet, type SlicedFile } from "../formats/parquet.ts";
import { cellLabels } from "../labelNames.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import { listed } from "../reading.ts";
import { type ReadOptions, refuseOptions } from "../readOptions.ts";
import { datasetOfPacked } from "./datasetOfPacked.ts";
import { decodeImage } from "./decoder.ts";
import { imageOptionNames } from "./imageOptions.ts";
import type { Decoding } from "./imagesFromFiles.ts";
import { packStream } from "./packStream.ts";

/**
 * Makes a dataset of one Parquet file with embedded images, without a test split.
 *
 * @throws AttarError "bad-data", "bad-option"
 */
export async function imagesFromParquet(
  file: SlicedFile,
  name: string,
  { decode, onProgress, signal }: Decoding,
  options: ReadOptions,
  normalisation?: NormalisationKind,
): Promise<Dataset> {
  refuseOptions(name, "Parquet", options, ["label", "images", ...imageOptionNames]);
  const opened = await openParquet(file, name, { label: options.label, images: options.images });
  const { classes: names, count, imageColumn, labelColumn, otherImages } = opened;
  const indexed = cellLabels(await opened.labels(), [], names, name);
  const images = await packStream(opened.images(), name, {
    ...options,
    count,
    decode: (bytes, where, wanted) => decodeImage(bytes, where, decode, undefined, wanted),
    ...(onProgress && { onProgress }),
    signal,
  });
  const others =
    otherImages.length > 0
      ? [`the images are those of the column ${imageColumn}, left out are ${listed(otherImages)}`]
      : [];
  return datasetOfPacked(
    { images, labels: indexed.train },
    undefined,
    {
      name,
      source: name,
      format: "Parquet of images",
      classes: indexed.classes,
      labels: `the column ${labelColumn}${names ? ", named by its ClassLabel" : ""}`,
      testSplit: "none",
      notes: [...indexed.notes, ...others],
      options,
    },
    normalisation,
  );
}
