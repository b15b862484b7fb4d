import { badData } from "../badData.ts";
import { type Inflate, inflate } from "./inflate.ts";
import { inflateHint, inflateLimit } from "./inflateLimit.ts";
import type { SlicedFile } from "./parquet.ts";
import { unzipped } from "./zip.ts";
import { localBytes, tailBytes, type ZipEntry, zipEnd, zipEntries, zipLimits, zipStart } from "./zipDirectory.ts";

/** A zip archive of which entries are read one at a time. */
export interface ZipArchive {
  /** Files in the directory's order, links and folders left out. */
  readonly names: readonly string[];
  /** The content of an entry. @throws AttarError "bad-data" where it is damaged or not there */
  read(name: string): Promise<Uint8Array>;
}

/** The largest directory that is read: that of some five million entries. */
const maxDirectory = 2 ** 29;

/**
 * Opens a zip archive, zip64 included. An entry may inflate to 64 times its size or 64 MiB, all of them together to 64 times
 * the archive's; nothing is written anywhere, so a name cannot lead out of the archive, but such names are refused.
 *
 * @throws AttarError "bad-data"
 */
export async function openZip(file: SlicedFile, where: string, unpack: Inflate = inflate): Promise<ZipArchive> {
  const { byteLength } = file;
  const slice = async (start: number, end: number) => new Uint8Array(await file.slice(start, end));
  const at = Math.max(0, byteLength - tailBytes);
  const end = zipEnd(await slice(at, byteLength), at, where);
  if (end.length > maxDirectory) throw badData(where, `its directory of ${end.length} bytes is too large`);
  const all = zipEntries(await slice(end.start, end.start + end.length), end, where);
  const limits = zipLimits(all, end);
  let total = 0;
  const entries = new Map<string, ZipEntry>();
  for (const entry of all) {
    total += entry.size;
    if (entry.link || entry.name.endsWith("/")) continue;
    if (entry.size > inflateLimit(entry.packed))
      throw badData(entry.label, `its ${entry.packed} bytes would inflate to ${entry.size}`, inflateHint);
    if (/^([a-z]:)?[\\/]|(^|[\\/])\.\.([\\/]|$)/i.test(entry.name))
      throw badData(entry.label, "the name of the zip entry leads out of the archive", "Pack the folder itself.");
    entries.set(entry.name.replaceAll("\\", "/"), entry);
  }
  if (total > Math.max(inflateLimit(0), 64 * byteLength))
    throw badData(where, `its ${byteLength} bytes would inflate to ${total}`, inflateHint);
  return {
    names: [...entries.keys()],
    async read(name) {
      const entry = entries.get(name);
      if (!entry) throw badData(`${where} (${name})`, "is not in the archive");
      const start = zipStart(entry, await slice(entry.from, entry.from + localBytes), limits.get(entry)!);
      return unzipped(await slice(start, start + entry.packed), entry, unpack);
    },
  };
}
