import { badData } from "../badData.ts";
import { crc32 } from "./crc32.ts";
import { type Inflate, inflate, maxDeflateRatio } from "./inflate.ts";
import { inflateHint, inflateLimit } from "./inflateLimit.ts";

/** One entry as the directory lists it, with the place of its bytes in the archive. */
interface Entry {
  readonly name: string;
  readonly label: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly size: number;
  /** The offsets at which the entry's local header starts, its bytes start, and they end. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a zip archive from its central directory: stored and deflated entries, checksums verified, no zip64, no encryption.
 * Entries that share bytes are refused, and what they claim to inflate to, one and all, is held to {@link inflateLimit}
 * before anything is inflated.
 *
 * @returns entry name → bytes, in the directory's order
 * @throws AttarError "bad-data"
 */
export function parseZip(bytes: Uint8Array, where: string, unpack: Inflate = inflate): Map<string, Uint8Array> {
  const directory = readDirectory(bytes, where);
  checkOverlaps(directory, where);
  checkSizes(directory, bytes.length, where);
  const entries = new Map<string, Uint8Array>();
  for (const { name, label, deflated, crc, size, start, end } of directory) {
    const raw = bytes.subarray(start, end);
    const data = deflated ? unpack(raw, "raw", size, label) : raw;
    if (data.length !== size || crc32(data) !== crc) throw badData(label, "the zip entry is damaged (checksum)");
    if (entries.has(name)) throw badData(where, `the zip archive has two entries named ${name}`);
    entries.set(name, data);
  }
  return entries;
}

function readDirectory(bytes: Uint8Array, where: string): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view, where);
  const count = view.getUint16(end + 10, true);
  const out: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  const first = at;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw badData(where, "the zip directory is damaged");
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const from = view.getUint32(at + 42, true);
    if (at + 46 + nameLength > end) throw badData(where, "the zip directory is damaged");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const label = `${where} (${name})`;
    if (flags & 1) throw badData(label, "the zip entry is encrypted");
    if (method !== 0 && method !== 8) throw badData(label, `zip compression method ${method} is not read`);
    if (from + 30 > first || view.getUint32(from, true) !== 0x04034b50)
      throw badData(label, "the zip entry is damaged");
    const start = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
    if (start + packed > first) throw badData(label, "the zip entry is cut short");
    const [crc, size] = [view.getUint32(at + 16, true), view.getUint32(at + 24, true)];
    out.push({ name, label, deflated: method === 8, crc, size, from, start, end: start + packed });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return out;
}

/** @throws AttarError where two entries share bytes: a few kilobytes would be inflated over and over */
function checkOverlaps(directory: readonly Entry[], where: string): void {
  const sorted = directory.toSorted((a, b) => a.from - b.from);
  for (const [i, entry] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && entry.from < before.end)
      throw badData(where, `the zip entries ${before.name} and ${entry.name} overlap`);
  }
}

function checkSizes(directory: readonly Entry[], packed: number, where: string): void {
  let total = 0;
  for (const { label, deflated, size, start, end } of directory) {
    if (size > (end - start) * (deflated ? maxDeflateRatio : 1))
      throw badData(label, `the zip entry claims an impossible size of ${size} bytes`);
    if (deflated) total += size;
  }
  if (total > inflateLimit(packed)) throw badData(where, `its ${packed} bytes would inflate to ${total}`, inflateHint);
}

/** The end-of-directory record: 22 bytes before an optional comment of at most 65,535. */
function findEnd(view: DataView, where: string): number {
  const stop = Math.max(0, view.byteLength - 22 - 65535);
  for (let i = view.byteLength - 22; i >= stop; i--) if (view.getUint32(i, true) === 0x06054b50) return i;
  throw badData(where, "not a zip archive, or cut short (no end record)");
}
