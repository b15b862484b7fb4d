import { badData } from "../badData.ts";
import type { Split } from "../dataset.ts";

/** The bytes of one image: 32 x 32 in three colours. */
export const cifarPixels = 3 * 32 * 32;
const pixels = cifarPixels;

/** The bytes before the pixels of each record: CIFAR-10 one label byte; CIFAR-100 the coarse label, then the fine one. */
export type CifarKind = "cifar-10" | "cifar-100";

/** The number of classes: of CIFAR-100 the fine ones. */
export const cifarClasses = (kind: CifarKind): number => (kind === "cifar-10" ? 10 : 100);

/**
 * Reads CIFAR binary batches, joined in order: records of label byte(s) and 3072 bytes, red, green, blue plane.
 *
 * @param files the batches' bytes with their names for errors
 * @returns images [n, 3, 32, 32] and labels (the fine ones for CIFAR-100)
 * @throws AttarError "bad-data" when a file is not a whole number of records or a label is out of range
 */
export function parseCifar(files: readonly { bytes: Uint8Array; where: string }[], kind: CifarKind): Split {
  const head = kind === "cifar-10" ? 1 : 2;
  const classes = cifarClasses(kind);
  const record = head + pixels;
  let count = 0;
  for (const { bytes, where } of files) {
    if (bytes.length === 0 || bytes.length % record !== 0)
      throw badData(
        where,
        `${bytes.length} bytes is no whole number of ${kind} records of ${record} bytes (cut short?)`,
      );
    count += bytes.length / record;
  }
  const images = new Uint8Array(count * pixels);
  const labels = new Int32Array(count);
  let at = 0;
  for (const { bytes, where } of files)
    for (let start = 0; start < bytes.length; start += record, at++) {
      const label = bytes[start + head - 1]!;
      if (label >= classes)
        throw badData(where, `record ${start / record} has label ${label}, out of range 0 to ${classes - 1}`);
      labels[at] = label;
      images.set(bytes.subarray(start + head, start + record), at * pixels);
    }
  return { images, labels };
}
