import { statSync } from "node:fs";
import type { Dataset } from "../dataset.ts";
import { inflateLimit } from "../formats/inflateLimit.ts";
import type { ParquetImages, ParquetOptions } from "../formats/parquet.ts";
import { datasetOfPacked } from "../images/datasetOfPacked.ts";
import type { EncodedImage } from "../images/decoder.ts";
import { cellLabels, isUnlabelled } from "../labelNames.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import { listed } from "../reading.ts";
import type { ReadOptions } from "../readOptions.ts";
import { contentHashes } from "./images/contentIndex.node.ts";
import { type ImageLoading, packSplit, type SplitImages } from "./images/packSplit.node.ts";
import { pixelCacheFolder } from "./images/pixelCache.node.ts";
import { openParquetFile } from "./openParquetFile.node.ts";
import { type ParquetFiles, parquetFiles } from "./parquetFiles.node.ts";

type Label = number | string;

/** The labels of one file, and what is known of its images before they are read. */
interface Part extends Omit<ParquetImages, "labels" | "images"> {
  readonly path: string;
  readonly labels: readonly Label[];
}

/** Files of less than that are decoded each time, in bytes. */
const fewBytes = 2 ** 23;

/**
 * Reads Parquet files in the Hugging Face layouts ({@link parquetFiles}): one file, or a folder. The test split is "test",
 * else "validation"; one without labels is left out. Images are decoded as those of folders are.
 *
 * @throws AttarError "bad-data"; "absent-package" where sharp is needed and not installed
 */
export async function loadParquet(
  path: string,
  name: string,
  kind?: NormalisationKind,
  options: ReadOptions = {},
  loading: ImageLoading = {},
): Promise<Dataset> {
  const alone = /\.parquet$/i.test(path);
  const files = alone ? { train: [path], test: [], validation: [] } : await parquetFiles(path);
  const columns = { label: options.label, images: options.images };
  const train = await partsOf(files.train, columns);
  const { test, testSplit, notes } = await testOf(files, columns);
  const names = [...train, ...test].find((part) => part.classes)?.classes;
  const labels = (parts: readonly Part[]) => parts.flatMap((part) => part.labels);
  const indexed = cellLabels(labels(train), labels(test), names, path);
  const all = [...train, ...test].map((part) => part.path);
  const small = all.reduce((sum, file) => sum + statSync(file).size, 0) < fewBytes;
  const cache = loading.imageCache === false || small ? undefined : (loading.imageCache ?? pixelCacheFolder());
  const hashes = cache === undefined ? [] : await contentHashes("", all, { folder: cache, signal: loading.signal });
  const split = (parts: readonly Part[], from: number, rows?: readonly number[]): SplitImages => ({
    count: rows ? rows.length : parts.reduce((sum, { count }) => sum + count, 0),
    contents: [...hashes.slice(from, from + parts.length), JSON.stringify([columns, rows ?? null])],
    images: () => imagesOf(parts, columns, rows && new Set(rows)),
    ...(options.size === undefined && {
      most: parts.reduce((sum, one) => sum + inflateLimit(statSync(one.path).size), 0),
    }),
  });
  const images = await packSplit(split(train, 0), path, options, loading, cache, notes);
  const others =
    indexed.test &&
    (await packSplit(split(test, train.length, indexed.testRows), path, options, loading, cache, notes));
  const { imageColumn, otherImages, labelColumn } = train[0]!;
  return datasetOfPacked(
    { images, labels: indexed.train },
    others && { images: others, labels: indexed.test! },
    {
      name,
      source: path,
      format: "Parquet of images",
      classes: indexed.classes,
      labels: `the column ${labelColumn}${names ? ", named by its ClassLabel" : ""}`,
      testSplit,
      notes: [
        ...indexed.notes,
        ...notes,
        ...(otherImages.length > 0
          ? [
              `the images are those of the column ${imageColumn}, left out are ${listed(otherImages)} (--images takes a column)`,
            ]
          : []),
      ],
      options,
    },
    kind,
  );
}

/** The split to test on: the first of "test" and "validation" that has labels. */
async function testOf(files: ParquetFiles, columns: ParquetOptions) {
  const notes: string[] = [];
  for (const split of ["test", "validation"] as const) {
    if (files[split].length === 0) continue;
    const parts = await partsOf(files[split], { ...columns, unlabelled: true });
    const unlabelled = parts.every(({ labels }) => labels.every((label) => isUnlabelled(String(label))));
    if (unlabelled) {
      notes.push(`the ${split} split is left out: it has no labels`);
      continue;
    }
    if (split === "test" && files.validation.length > 0)
      notes.push("the validation split is left out: there is a test split");
    return { test: parts, testSplit: `the ${split} split`, notes };
  }
  const none: Part[] = [];
  return { test: none, testSplit: "none", notes };
}

async function partsOf(paths: readonly string[], options: ParquetOptions): Promise<Part[]> {
  const out: Part[] = [];
  for (const path of paths) {
    const file = await openParquetFile(path, options);
    try {
      const { labels, images: _, close: __, ...facts } = file;
      out.push({ ...facts, path, labels: await labels() });
    } finally {
      await file.close();
    }
  }
  return out;
}

/** The images of several files in order, or some of their rows. */
async function* imagesOf(
  parts: readonly Part[],
  options: ParquetOptions,
  rows: ReadonlySet<number> | undefined,
): AsyncGenerator<EncodedImage> {
  let row = 0;
  for (const { path } of parts) {
    const file = await openParquetFile(path, { ...options, unlabelled: true });
    try {
      for await (const image of file.images()) if (!rows || rows.has(row++)) yield image;
    } finally {
      await file.close();
    }
  }
}
