import { type DatasetInfo, infoOf, infoOfKnown } from "../datasetInfo.ts";
import { knownDataset } from "../knownDatasets.ts";
import { binaryFormat } from "./binaryFormats.node.ts";
import { type LoadOptions, load } from "./load.node.ts";
import { locate } from "./locate.node.ts";

/**
 * Gives the facts of a dataset, by name or by path, read as {@link load} reads it. The official files of a known dataset
 * whose checksum is known are not read, and need not be on this machine; all else is loaded.
 *
 * @throws AttarError as {@link load} does
 */
export async function datasetInfo(nameOrPath: string, options: LoadOptions = {}): Promise<DatasetInfo> {
  const { normalisation: kind = "channel", imageCache: _, onProgress: __, signal: ___, ...reading } = options;
  const known = knownDataset(nameOrPath);
  if (known && kind !== "zca" && Object.values(reading).every((value) => value === undefined)) {
    const info = infoOfKnown(known, kind);
    const folder = info && (await locate(nameOrPath));
    // Files of another format may hold the images in another order: their checksum is their own.
    if (info && (folder === undefined || (await binaryFormat(folder)))) return info;
  }
  return infoOf(await load(nameOrPath, options));
}
