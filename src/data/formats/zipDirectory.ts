import { badData } from "../badData.ts";
import { maxDeflateRatio } from "./inflate.ts";

/** One entry as a zip archive's directory lists it. */
export interface ZipEntry {
  readonly name: string;
  /** The archive and the entry, for messages. */
  readonly label: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Bytes in the archive, and of what they inflate to. */
  readonly packed: number;
  readonly size: number;
  /** The offset of the entry's own header. */
  readonly from: number;
  /** True where it is a link, not a file. */
  readonly link: boolean;
}

/** Where the directory lies. */
export interface ZipEnd {
  readonly count: number;
  readonly start: number;
  readonly length: number;
}

/** The bytes at an archive's end that hold all that says where its directory is, at most. */
export const tailBytes = 22 + 65535 + 20 + 56;
/** The bytes of an entry's own header before its name. */
export const localBytes = 30;
/** What stands in a short field whose value is in a long one. */
const [long16, long32] = [0xffff, 0xffffffff];

/**
 * Finds the directory: by the end record, 22 bytes before an optional comment, or by that of zip64 before it.
 *
 * @param tail the last {@link tailBytes} of the archive, or all of it
 * @param at the offset of `tail` in the archive
 * @throws AttarError "bad-data"
 */
export function zipEnd(tail: Uint8Array, at: number, where: string): ZipEnd {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const end = findEnd(view, where);
  const damaged = () => badData(where, "the zip directory is damaged");
  let [count, length, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (count === long16 || length === long32 || start === long32) {
    const locator = end - 20;
    if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
      const record = longNumber(view, locator + 8) - at;
      if (!(record >= 0) || record + 56 > locator || view.getUint32(record, true) !== 0x06064b50) throw damaged();
      [count, length, start] = [
        longNumber(view, record + 32),
        longNumber(view, record + 40),
        longNumber(view, record + 48),
      ];
    }
  }
  if (!(start + length <= at + end) || count * 46 > length) throw damaged();
  return { count, start, length };
}

/** A whole number of eight bytes. */
const longNumber = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

function findEnd(view: DataView, where: string): number {
  const stop = Math.max(0, view.byteLength - 22 - 65535);
  for (let i = view.byteLength - 22; i >= stop; i--) if (view.getUint32(i, true) === 0x06054b50) return i;
  throw badData(where, "not a zip archive, or cut short (no end record)");
}

/**
 * The entries of a directory in its order. Those that are encrypted or compressed otherwise than by deflate are refused; so are
 * entries of one name, those that share bytes, and sizes that deflate cannot reach.
 *
 * @throws AttarError "bad-data"
 */
export function zipEntries(directory: Uint8Array, { count, start }: ZipEnd, where: string): ZipEntry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const out: ZipEntry[] = [];
  const names = new Set<string>();
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
      throw badData(where, "the zip directory is damaged");
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > directory.length) throw badData(where, "the zip directory is damaged");
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    const label = `${where} (${name})`;
    if (flags & 1) throw badData(label, "the zip entry is encrypted", "Unpack the archive first.");
    if (method !== 0 && method !== 8)
      throw badData(label, `zip compression method ${method} is not read`, "Unpack the archive first.");
    const short = {
      size: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      from: view.getUint32(at + 42, true),
    };
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const { size, packed, from } = lengthened(short, extra, label);
    if (!(from + localBytes + packed <= start)) throw badData(label, "the zip entry is cut short");
    if (size > packed * (method === 8 ? maxDeflateRatio : 1))
      throw badData(label, `the zip entry claims an impossible size of ${size} bytes`);
    if (names.has(name)) throw badData(where, `the zip archive has two entries named ${name}`);
    names.add(name);
    const unix = directory[at + 5] === 3;
    const link = unix && view.getUint32(at + 38, true) >>> 28 === 10;
    out.push({ name, label, deflated: method === 8, crc: view.getUint32(at + 16, true), packed, size, from, link });
    at = next;
  }
  checkOverlaps(out, where);
  return out;
}

/** Sizes and offset, where the short fields refer to the long ones of the extra field 1. */
function lengthened(short: { size: number; packed: number; from: number }, extra: Uint8Array, label: string) {
  const out = { ...short };
  const keys = (["size", "packed", "from"] as const).filter((key) => short[key] === long32);
  if (keys.length === 0) return out;
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    for (const [i, key] of keys.entries()) {
      if (at + 12 + 8 * i > extra.length) throw badData(label, "the zip entry is damaged");
      out[key] = longNumber(view, at + 4 + 8 * i);
    }
    return out;
  }
  return out;
}

/** @throws AttarError where two entries share bytes: a few kilobytes would be inflated over and over */
function checkOverlaps(entries: readonly ZipEntry[], where: string): void {
  const sorted = entries.toSorted((a, b) => a.from - b.from);
  for (const [i, entry] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && entry.from < before.from + localBytes + before.packed)
      throw badData(where, `the zip entries ${before.name} and ${entry.name} overlap`);
  }
}

/**
 * The offset of an entry's bytes, by its own header.
 *
 * @param header its first {@link localBytes}
 * @param limit where the entry must end: at the next entry or the directory
 * @throws AttarError "bad-data"
 */
export function zipStart({ from, packed, label }: ZipEntry, header: Uint8Array, limit: number): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < localBytes || view.getUint32(0, true) !== 0x04034b50)
    throw badData(label, "the zip entry is damaged");
  const start = from + localBytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + packed > limit) throw badData(label, "the zip entry is cut short");
  return start;
}

/** Where each entry must end: at the next one, or at the directory. */
export function zipLimits(entries: readonly ZipEntry[], { start }: ZipEnd): ReadonlyMap<ZipEntry, number> {
  const sorted = entries.toSorted((a, b) => a.from - b.from);
  return new Map(sorted.map((entry, i) => [entry, sorted[i + 1]?.from ?? start]));
}
