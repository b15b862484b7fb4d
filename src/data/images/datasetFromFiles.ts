import { AttarError } from "../../engine/errors.ts";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import { checkReadOptions, type ReadOptions, refuseOptions } from "../readOptions.ts";
import type { LabelledFile } from "./annotations.ts";
import { datasetOfPacked } from "./datasetOfPacked.ts";
import { decodeImage, type EncodedImage, skipHint } from "./decoder.ts";
import { treeOf } from "./fileTree.ts";
import { imageOptionNames } from "./imageOptions.ts";
import { listImages } from "./listImages.ts";
import { packStream } from "./packStream.ts";
import { decodeInPage } from "./pageDecoder.ts";

/** A file with its path below the dataset's folder, as a page gets it: `webkitRelativePath` and the `File` itself. */
export interface PageFile {
  readonly path: string;
  readonly blob: Blob;
}

/** Options of {@link datasetFromFiles}. */
export interface FilesOptions extends ReadOptions {
  readonly normalisation?: NormalisationKind;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes a dataset of the files of a folder that a person chose in a page, laid out as `load` takes folders of images. PNG and BMP
 * are decoded here, other kinds by the browser; sizes, fit and grey are those of Node, to the bit.
 *
 * @throws AttarError "bad-data", "bad-option"
 * @example await datasetFromFiles("pets", [...input.files].map((f) => ({ path: f.webkitRelativePath, blob: f })), { size: "32" })
 */
export async function datasetFromFiles(
  name: string,
  files: readonly PageFile[],
  { normalisation, onProgress, signal, ...options }: FilesOptions = {},
): Promise<Dataset> {
  checkReadOptions(options);
  refuseOptions(name, "files of images", options, ["label", ...imageOptionNames]);
  const blobs = new Map(files.map(({ path, blob }) => [path.replace(/^\/+/, ""), blob]));
  const read = async (path: string) => {
    const blob = blobs.get(path);
    if (!blob) throw badData(`${name}/${path}`, "is not among the files");
    try {
      return new Uint8Array(await blob.arrayBuffer());
    } catch (error) {
      throw new AttarError(
        "absent-file",
        `${name}/${path}: cannot be read (${String(error)}).`,
        "Choose the folder again.",
      );
    }
  };
  const { label, skipUnreadable } = options;
  const tree = { root: treeOf(blobs.keys()), name, read };
  const listing = await listImages(tree, { label, skipUnreadable, advice: skipHint });
  const total = listing.train.length + listing.test.length;
  let before = 0;
  const packed = async (some: readonly LabelledFile[]) => {
    const images = some.map(({ path }): EncodedImage => ({ where: `${name}/${path}`, bytes: () => read(path) }));
    const out = await packStream(images, name, {
      ...options,
      count: some.length,
      decode: (bytes, where) => decodeImage(bytes, where, decodeInPage),
      onProgress: (done) => onProgress?.(before + done, total),
      signal,
    });
    before += some.length;
    return { images: out, labels: Int32Array.from(some, (one) => one.label) };
  };
  const train = await packed(listing.train);
  const test = listing.test.length > 0 ? await packed(listing.test) : undefined;
  const { classes, labels, testSplit, notes } = listing;
  const facts = { name, source: name, format: "files of images", classes, labels, testSplit, notes, options };
  return datasetOfPacked(train, test, facts, normalisation);
}
