import { totalmem } from "node:os";
import { AttarError } from "../../../engine/errors.ts";
import { decodeImage, type EncodedImage, pixelsVersion } from "../../images/decoder.ts";
import { type ImageOptions, imageOptionWords } from "../../images/imageOptions.ts";
import { type PackedImages, packStream } from "../../images/packStream.ts";
import { nativeInflate } from "../nativeInflate.node.ts";
import { hashed, keepPixels, keptPixels, pixelKey } from "./pixelCache.node.ts";
import { decodeBySharp, sharpVersion } from "./sharpDecoder.node.ts";

/** A part of the loading of a dataset, for whoever shows progress. */
export interface LoadProgress {
  readonly done: number;
  readonly total: number;
  /** What is done: "reading", "decoding". */
  readonly note: string;
}

/** How images are loaded, beside how they are read. */
export interface ImageLoading {
  /** The folder that decoded images are kept in; false keeps none. @default pixelCacheFolder() */
  readonly imageCache?: string | false;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Images of one split, in order. */
export interface SplitImages {
  readonly count: number;
  images(): AsyncIterable<EncodedImage> | Iterable<EncodedImage>;
  /** What identifies their contents, in order: hashes. */
  readonly contents: readonly string[];
  /** The most bytes that their pixels may take; the machine's memory where left out. */
  readonly most?: number;
}

/**
 * The packed images of a split: those kept from before, or decoded now and kept. A damaged file is made again.
 *
 * @param folder of the cache; undefined where none is wanted
 * @param notes gets what a person should know
 */
export async function packSplit(
  split: SplitImages,
  where: string,
  options: ImageOptions,
  { onProgress, signal }: ImageLoading,
  folder: string | undefined,
  notes: string[],
): Promise<PackedImages & { readonly digest?: string }> {
  const how = [...imageOptionWords(options), `pixels ${pixelsVersion}`, await sharpVersion()];
  const key = pixelKey(split.contents, how);
  if (folder !== undefined) {
    const kept = await keptPixels(folder, key);
    if (kept === "damaged") notes.push("the decoded images that were kept are damaged: they are made again");
    else if (kept) return kept;
  }
  const packed = await packStream(split.images(), where, {
    ...options,
    count: split.count,
    decode: (bytes, name, wanted) => decodeImage(bytes, name, decodeBySharp, nativeInflate, wanted),
    most: Math.min(totalmem(), split.most ?? Number.POSITIVE_INFINITY),
    onProgress: (done, total) => onProgress?.({ done, total, note: "decoding images" }),
    signal,
  });
  if (folder === undefined) return packed;
  const images = hashed(packed);
  try {
    await keepPixels(folder, key, images);
  } catch (error) {
    if (!(error instanceof AttarError)) throw error;
    notes.push(`the decoded images are not kept: ${error.message}`);
  }
  return images;
}
