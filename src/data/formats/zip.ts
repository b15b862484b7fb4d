import { badData } from "../badData.ts";
import { crc32 } from "./crc32.ts";
import { type Inflate, inflate, maxDeflateRatio } from "./inflate.ts";

/** Longest total of inflated entries that is read: 4 GiB, what one ArrayBuffer can be relied on to hold. */
const limit = 2 ** 32;

/**
 * Reads a zip archive from its central directory: stored and deflated entries, checksums verified, no zip64 beyond
 * 4 GiB, no encryption. What an entry claims to inflate to is checked before anything is allocated.
 *
 * @returns entry name → bytes, in the directory's order
 * @throws AttarError "bad-data"
 */
export function parseZip(bytes: Uint8Array, where: string, unpack: Inflate = inflate): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view, where);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let total = 0;
  const entries = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw badData(where, "the zip directory is damaged");
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const offset = view.getUint32(at + 42, true);
    if (at + 46 + nameLength > end) throw badData(where, "the zip directory is damaged");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const label = `${where} (${name})`;
    if (flags & 1) throw badData(label, "the zip entry is encrypted");
    if (method !== 0 && method !== 8) throw badData(label, `zip compression method ${method} is not read`);
    if (offset + 30 > end || view.getUint32(offset, true) !== 0x04034b50)
      throw badData(label, "the zip entry is damaged");
    const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    if (start + packed > end) throw badData(label, "the zip entry is cut short");
    total += size;
    if (size > (method === 0 ? packed : packed * maxDeflateRatio) || total > limit)
      throw badData(label, `the zip entry claims an impossible size of ${size} bytes`);
    const raw = bytes.subarray(start, start + packed);
    const data = method === 0 ? raw : unpack(raw, "raw", size, label);
    if (data.length !== size || crc32(data) !== crc) throw badData(label, "the zip entry is damaged (checksum)");
    if (entries.has(name)) throw badData(where, `the zip archive has two entries named ${name}`);
    entries.set(name, data);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The end-of-directory record: 22 bytes before an optional comment of at most 65,535. */
function findEnd(view: DataView, where: string): number {
  const stop = Math.max(0, view.byteLength - 22 - 65535);
  for (let i = view.byteLength - 22; i >= stop; i--) if (view.getUint32(i, true) === 0x06054b50) return i;
  throw badData(where, "not a zip archive, or cut short (no end record)");
}
