import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { shellWord } from "../../engine/shellWord.ts";
import { size } from "../../engine/tensor.ts";
import { badData } from "../badData.ts";
import { convertArrow } from "../convertAdvice.ts";
import type { Dataset } from "../dataset.ts";
import { imageOptionNames, imageOptionsOf } from "../images/imageOptions.ts";
import { knownDataset } from "../knownDatasets.ts";
import { indexedLabels, indexedNames, wholeLabels } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { type ReadOptions, refuseOptions } from "../readOptions.ts";
import { rowsOf } from "../rowsOf.ts";
import { arrayFile } from "./arrayFile.node.ts";
import {
  type BinarySplits,
  binaryFormat,
  isSvhnFile,
  readBinaryFolder,
  readCifar,
  readIdxFile,
  readSvhn,
} from "./binaryFormats.node.ts";
import { fileSource, isTableAt, tableFile, tableIn } from "./fileSource.node.ts";
import { arraysIn, binaryFolderIn } from "./folderOfFiles.node.ts";
import { loadImageFolder } from "./images/loadImageFolder.node.ts";
import { loadZip } from "./images/loadZip.node.ts";
import type { ImageLoading } from "./images/packSplit.node.ts";
import { loadArrays } from "./loadArrays.node.ts";
import type { LoadRequest } from "./loadRequest.ts";
import { loadParquet } from "./parquet.node.ts";
import { holdsParquet } from "./parquetFiles.node.ts";
import { parquetSources } from "./parquetSource.node.ts";
import { loadTable } from "./table.node.ts";

const extension = /\.(gz|csv|tsv|txt|data|arff|npz|npy|parquet|safetensors|mat|h5|hdf5|hdf|he5|bin|zip)$/i;

/** The name of the dataset at a path. */
export const datasetName = (path: string): string => basename(resolve(path)).replace(extension, "");

/**
 * Loads the dataset that a file or folder holds.
 *
 * @throws AttarError "bad-data", "absent-file"; "bad-option" for an option that says nothing about this kind of file
 */
export async function loadPath(
  path: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
  loading: ImageLoading = {},
): Promise<Dataset> {
  const name = datasetName(path);
  const request: LoadRequest = { path, name, kind, options, loading };
  if (statSync(path).isDirectory()) return loadFolder(request);
  if (tableFile.test(path)) {
    refuseOptions(path, "a table", imageOptionsOf(options));
    return loadTable(await fileSource(path), name, kind, options);
  }
  if (arrayFile.test(path) && !isSvhnFile(path, options)) {
    refuseOptions(path, "named arrays", options, [
      ...(["label", "target", "bins", "domain", "images", "table", "scale", "train", "test"] as const),
    ]);
    return loadArrays(path, name, kind, options);
  }
  if (/\.parquet$/i.test(path)) {
    if (await isTableAt(path)) return loadParquetTable(path, name, kind, options);
    refuseOptions(path, "Parquet", options, ["label", "images", ...imageOptionNames]);
    return loadParquet(path, name, kind, options, loading);
  }
  if (/\.zip$/i.test(path)) {
    refuseOptions(path, "a zip archive of images", options, ["label", ...imageOptionNames]);
    return loadZip(request);
  }
  refuseOptions(path, "a file of this kind", options);
  if (/\.mat$/i.test(path)) return fromBinary(await readSvhn(path), name, path, kind);
  if (/\.bin$/i.test(path)) return fromBinary(await readCifarFile(path), name, path, kind);
  if (/idx\d-ubyte(\.gz)?$/i.test(path)) return fromBinary(await readIdxFile(path), name, path, kind);
  throw badData(
    path,
    "the kind of file is not recognised by its name",
    "Read are folders and .zip of images, .parquet, .csv, .tsv, .arff, .npz, .npy, .safetensors, .h5, .mat, .bin (CIFAR) and *-images-idx3-ubyte.",
  );
}

async function loadFolder(request: LoadRequest): Promise<Dataset> {
  const { path, name, kind, options, loading } = request;
  if (existsSync(join(path, "run.json")) && existsSync(join(path, "checkpoint")))
    throw badData(
      path,
      "is a run, not a dataset",
      `evaluate it on the dataset it was made from: attar evaluate ${shellWord(path)} --on mnist, say`,
    );
  const csv = tableIn(path);
  const binary = await binaryFormat(path);
  const parquet = !binary && (await holdsParquet(path));
  if (csv && !binary && !parquet) {
    refuseOptions(path, "a table", imageOptionsOf(options));
    return loadTable(await fileSource(join(path, csv)), name, kind, options);
  }
  if (binary) {
    refuseOptions(path, "a folder of this kind", options);
    return fromBinary(await readBinaryFolder(path), name, path, kind);
  }
  if (parquet) {
    if (await isTableAt(path)) return loadParquetTable(path, name, kind, options);
    refuseOptions(path, "Parquet", options, ["label", "images", ...imageOptionNames]);
    return loadParquet(path, name, kind, options, loading);
  }
  const arrays = arraysIn(path);
  if (arrays !== undefined) {
    const { train: _, ...rest } = options;
    return loadPath(join(path, arrays), kind, rest, loading).then((dataset) => ({ ...dataset, name }));
  }
  const inner = await binaryFolderIn(path);
  if (inner !== undefined) {
    refuseOptions(path, "a folder of this kind", options);
    return fromBinary(await readBinaryFolder(inner), name, inner, kind);
  }
  await refuseArrow(path);
  if ((await readdir(path)).length === 0)
    throw badData(path, "the folder is empty", "an image folder has train/<class>/ with images in it");
  refuseOptions(path, "a folder of images", options, ["label", ...imageOptionNames]);
  return loadImageFolder(request);
}

/** A table in one Parquet file, or in a folder of them. */
async function loadParquetTable(
  path: string,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
): Promise<Dataset> {
  refuseOptions(path, "a table", imageOptionsOf(options));
  const { header, images } = options;
  refuseOptions(path, "a table in Parquet, whose columns have names", { header, images });
  const { train, tests } = (await parquetSources(path))!;
  return loadTable(train, name, kind, options, tests);
}

async function readCifarFile(path: string): Promise<BinarySplits> {
  const { size } = statSync(path);
  const kind = size % 3073 === 0 ? "cifar-10" : "cifar-100";
  return readCifar(kind, [path]);
}

/** A dataset out of the field's own binary files: class names where the format has them, else the labels' numbers. */
function fromBinary(found: BinarySplits, name: string, source: string, kind?: NormalisationKind): Promise<Dataset> {
  const { shape, train, test, format } = found;
  const names = found.classes ?? (format && knownDataset(format)?.classes);
  const indexed = names
    ? indexedNames(train.labels, test?.labels, names, source)
    : indexedLabels(wholeLabels(train.labels, source), test && wholeLabels(test.labels, source), source);
  const images = test && rowsOf(test.images, size(shape), indexed.testRows);
  return makeDataset(
    {
      name,
      shape,
      classes: indexed.classes,
      train: { images: train.images, labels: indexed.train },
      ...(images && indexed.test && { test: { images, labels: indexed.test } }),
      scale: 255,
      source,
      reading: {
        format: found.title,
        labels: "the labels that are stored with the images",
        testSplit: (indexed.test && found.testFile) || "none",
        notes: indexed.notes,
      },
    },
    kind,
  );
}

/** @throws AttarError "bad-data" for the Arrow files of Hugging Face's `save_to_disk` */
async function refuseArrow(folder: string): Promise<void> {
  if (existsSync(join(folder, "dataset_dict.json")) || (await readdir(folder)).some((file) => file.endsWith(".arrow")))
    throw badData(folder, "is a dataset that save_to_disk wrote as Arrow, which is not read", convertArrow(folder));
}
