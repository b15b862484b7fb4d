import { shellWord } from "../../../engine/shellWord.ts";
import { badData } from "../../badData.ts";
import type { Dataset } from "../../dataset.ts";
import { openZip } from "../../formats/zipArchive.ts";
import type { LabelledFile } from "../../images/annotations.ts";
import { skipHint } from "../../images/decoder.ts";
import { type ImageFiles, treeOf } from "../../images/fileTree.ts";
import { isImageName } from "../../images/imageKind.ts";
import { listImages } from "../../images/listImages.ts";
import type { LoadRequest } from "../loadRequest.ts";
import { nativeInflate } from "../nativeInflate.node.ts";
import { openRegular } from "../regularFile.node.ts";
import { contentHashes } from "./contentIndex.node.ts";
import { datasetOfListing } from "./loadImageFolder.node.ts";
import type { SplitImages } from "./packSplit.node.ts";
import { pixelCacheFolder } from "./pixelCache.node.ts";

/** Archives of less than that are decoded each time, in bytes. */
const fewBytes = 2 ** 23;

/**
 * Loads a zip archive of images, laid out as a folder of them. Nothing is unpacked to the disk.
 *
 * @throws AttarError "bad-data"; "absent-package" where sharp is needed and not installed
 */
export async function loadZip({ path, name, kind, options, loading }: LoadRequest): Promise<Dataset> {
  const file = await openRegular(path);
  try {
    const slices = {
      byteLength: file.size,
      slice: async (start: number, end: number) => (await file.read(start, end - start)).buffer,
    };
    const archive = await openZip(slices, path, nativeInflate);
    if (!archive.names.some(isImageName))
      throw badData(
        path,
        `the archive holds ${archive.names.length} files and no image`,
        `Only images are read out of an archive. Unpack it: unzip ${shellWord(path)} -d ${shellWord(path.replace(/\.zip$/i, ""))}`,
      );
    const files: ImageFiles = { root: treeOf(archive.names), name: path, read: archive.read };
    const { label, skipUnreadable } = options;
    const listing = await listImages(files, { label, skipUnreadable, advice: skipHint });
    const small = loading.imageCache === false || file.size < fewBytes;
    const cache = small ? undefined : loading.imageCache || pixelCacheFolder();
    const hashes =
      cache === undefined ? [] : await contentHashes("", [path], { folder: cache, signal: loading.signal });
    const split = (some: readonly LabelledFile[]): SplitImages => ({
      count: some.length,
      contents: [...hashes, ...some.map((one) => JSON.stringify(one.path))],
      images: () => some.map((one) => ({ where: `${path}/${one.path}`, bytes: () => archive.read(one.path) })),
    });
    const splits = { listing, train: split(listing.train), test: split(listing.test) };
    return await datasetOfListing(
      splits,
      { name, source: path, format: "a zip archive of images", cache },
      kind,
      options,
      loading,
    );
  } finally {
    await file.close();
  }
}
