import type { Dataset } from "../dataset.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import { type ReadOptions, refuseOptions } from "../readOptions.ts";
import type { LabelledFile } from "./annotations.ts";
import { datasetOfPacked } from "./datasetOfPacked.ts";
import { decodeImage, type EncodedImage, type ForeignDecoder, skipHint } from "./decoder.ts";
import { treeOf } from "./fileTree.ts";
import { imageOptionNames } from "./imageOptions.ts";
import { listImages } from "./listImages.ts";
import { packStream } from "./packStream.ts";

/** Files by their paths below a root, wherever they are. */
export interface FilesByPath {
  readonly name: string;
  readonly format: string;
  readonly paths: Iterable<string>;
  /** @throws AttarError naming the file where it cannot be read */
  read(path: string): Promise<Uint8Array>;
}

/** The way that images are decoded, and who watches. */
export interface Decoding {
  readonly decode: ForeignDecoder;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes a dataset of files of images, laid out as `load` takes folders of them.
 *
 * @throws AttarError "bad-data", "bad-option"
 */
export async function imagesFromFiles(
  { name, format, paths, read }: FilesByPath,
  { decode, onProgress, signal }: Decoding,
  options: ReadOptions,
  normalisation?: NormalisationKind,
): Promise<Dataset> {
  refuseOptions(name, format, options, ["label", ...imageOptionNames]);
  const { label, skipUnreadable } = options;
  const listing = await listImages({ root: treeOf(paths), name, read }, { label, skipUnreadable, advice: skipHint });
  const total = listing.train.length + listing.test.length;
  let before = 0;
  const packed = async (some: readonly LabelledFile[]) => {
    const images = some.map(({ path }): EncodedImage => ({ where: `${name}/${path}`, bytes: () => read(path) }));
    const out = await packStream(images, name, {
      ...options,
      count: some.length,
      decode: (bytes, where, wanted) => decodeImage(bytes, where, decode, undefined, wanted),
      onProgress: (done) => onProgress?.(before + done, total),
      signal,
    });
    before += some.length;
    return { images: out, labels: Int32Array.from(some, (one) => one.label) };
  };
  const train = await packed(listing.train);
  const test = listing.test.length > 0 ? await packed(listing.test) : undefined;
  const { classes, labels, testSplit, notes } = listing;
  return datasetOfPacked(
    train,
    test,
    { name, source: name, format, classes, labels, testSplit, notes, options },
    normalisation,
  );
}
