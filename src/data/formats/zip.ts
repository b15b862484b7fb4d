import { badData } from "../badData.ts";
import { crc32 } from "./crc32.ts";
import { type Inflate, inflate } from "./inflate.ts";
import { inflateHint, inflateLimit } from "./inflateLimit.ts";
import { localBytes, type ZipEntry, zipEnd, zipEntries, zipLimits, zipStart } from "./zipDirectory.ts";

/**
 * Reads a zip archive from its central directory: stored and deflated entries, checksums verified, no encryption.
 * Entries that share bytes are refused, and what they claim to inflate to, one and all, is held to {@link inflateLimit}
 * before anything is inflated.
 *
 * @returns entry name → bytes, in the directory's order
 * @throws AttarError "bad-data"
 */
export function parseZip(bytes: Uint8Array, where: string, unpack: Inflate = inflate): Map<string, Uint8Array> {
  const end = zipEnd(bytes, 0, where);
  const directory = zipEntries(bytes.subarray(end.start, end.start + end.length), end, where);
  const limits = zipLimits(directory, end);
  const starts = directory.map((entry) =>
    zipStart(entry, bytes.subarray(entry.from, entry.from + localBytes), limits.get(entry)!),
  );
  const total = directory.reduce((sum, { deflated, size }) => sum + (deflated ? size : 0), 0);
  if (total > inflateLimit(bytes.length))
    throw badData(where, `its ${bytes.length} bytes would inflate to ${total}`, inflateHint);
  return new Map(
    directory.map((entry, i) => [
      entry.name,
      unzipped(bytes.subarray(starts[i]!, starts[i]! + entry.packed), entry, unpack),
    ]),
  );
}

/** The content of an entry. @throws AttarError "bad-data" where it is damaged */
export function unzipped(raw: Uint8Array, { deflated, size, crc, label }: ZipEntry, unpack: Inflate): Uint8Array {
  const data = deflated ? unpack(raw, "raw", size, label) : raw;
  if (data.length !== size || crc32(data) !== crc) throw badData(label, "the zip entry is damaged (checksum)");
  return data;
}
