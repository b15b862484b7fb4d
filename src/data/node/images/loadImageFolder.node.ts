import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { badData } from "../../badData.ts";
import type { Dataset } from "../../dataset.ts";
import type { LabelledFile } from "../../images/annotations.ts";
import { datasetOfPacked } from "../../images/datasetOfPacked.ts";
import type { EncodedImage } from "../../images/decoder.ts";
import { type ImageListing, listImages } from "../../images/listImages.ts";
import type { NormalisationKind } from "../../makeDataset.ts";
import type { ReadOptions } from "../../readOptions.ts";
import type { LoadRequest } from "../loadRequest.ts";
import { contentHashes } from "./contentIndex.node.ts";
import { folderFiles } from "./folderFiles.node.ts";
import { type ImageLoading, packSplit, type SplitImages } from "./packSplit.node.ts";
import { pixelCacheFolder } from "./pixelCache.node.ts";
import { readNow } from "./readNow.node.ts";

/** Datasets of fewer images and bytes are decoded each time: that takes no longer than to look for them. */
const [fewImages, fewBytes] = [500, 2 ** 23];

/**
 * Loads a folder of images: those that {@link listImages} finds, decoded, brought to a size, and kept in a cache by their contents.
 *
 * @throws AttarError "bad-data", "absent-file"; "absent-package" where sharp is needed and not installed
 */
export async function loadImageFolder(request: LoadRequest): Promise<Dataset> {
  const { path: folder, name, kind, options, loading } = request;
  const files = await folderFiles(folder);
  const { label, skipUnreadable } = options;
  const listing = await listImages(files, { label, skipUnreadable, advice: files.advice });
  const paths = [...listing.train, ...listing.test].map(({ path }) => path);
  const cache =
    loading.imageCache === false || isSmall(folder, paths) ? undefined : (loading.imageCache ?? pixelCacheFolder());
  const contents = cache === undefined ? undefined : await hashesOf(folder, paths, cache, loading);
  const split = (some: readonly LabelledFile[], from: number): SplitImages => ({
    count: some.length,
    contents: contents?.slice(from, from + some.length) ?? [],
    images: () => encoded(folder, files.name, some, contents?.slice(from, from + some.length)),
  });
  const train = split(listing.train, 0);
  const test = split(listing.test, listing.train.length);
  return datasetOfListing(
    { listing, train, test },
    { name, source: folder, format: "folders of images", cache },
    kind,
    options,
    loading,
  );
}

/** What {@link datasetOfListing} takes beside the images. */
interface ListedSource {
  readonly name: string;
  readonly source: string;
  readonly format: string;
  readonly cache: string | undefined;
}

/** Decodes the splits of a listing and makes a dataset of them. */
export async function datasetOfListing(
  { listing, train, test }: { listing: ImageListing; train: SplitImages; test: SplitImages },
  { name, source, format, cache }: ListedSource,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
  loading: ImageLoading,
): Promise<Dataset> {
  const notes: string[] = [];
  const images = await packSplit(train, source, options, loading, cache, notes);
  const others = test.count > 0 ? await packSplit(test, source, options, loading, cache, notes) : undefined;
  const labelsOf = (some: readonly LabelledFile[]) => Int32Array.from(some, (one) => one.label);
  return datasetOfPacked(
    { images, labels: labelsOf(listing.train) },
    others && { images: others, labels: labelsOf(listing.test) },
    {
      name,
      source,
      format,
      classes: listing.classes,
      labels: listing.labels,
      testSplit: listing.testSplit,
      notes: [...listing.notes, ...notes],
      options,
    },
    kind,
  );
}

function isSmall(folder: string, paths: readonly string[]): boolean {
  if (paths.length >= fewImages) return false;
  let bytes = 0;
  for (const path of paths) bytes += statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0;
  return bytes < fewBytes;
}

const hashesOf = (folder: string, paths: readonly string[], cache: string, { onProgress, signal }: ImageLoading) =>
  contentHashes(folder, paths, {
    folder: cache,
    onProgress: (done, total) => onProgress?.({ done, total, note: "reading images" }),
    signal,
  });

function* encoded(
  folder: string,
  shown: string,
  files: readonly LabelledFile[],
  contents?: readonly string[],
): Generator<EncodedImage> {
  for (const [i, { path }] of files.entries()) {
    const where = `${shown}/${path}`;
    const bytes = () => {
      const read = readNow(join(folder, path));
      const known = contents?.[i];
      if (known !== undefined && known !== createHash("sha256").update(read).digest("hex"))
        throw badData(where, "changed while the dataset was read", "Load it again.");
      return read;
    };
    yield { where, bytes };
  }
}
