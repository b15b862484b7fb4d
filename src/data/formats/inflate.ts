import { Gunzip, Inflate as RawInflate, Unzlib } from "fflate";
import { asBadData, badData } from "../badData.ts";
import { crc32 } from "./crc32.ts";

/** Which wrapper is around the deflated bytes: RFC 1952, RFC 1950, or none. */
export type Wrapping = "gzip" | "zlib" | "raw";

/**
 * Inflates `bytes` to at most `limit` bytes.
 *
 * @throws AttarError "bad-data" naming `where` when the stream is damaged, ends early, or is longer than `limit`
 */
export type Inflate = (bytes: Uint8Array, wrapping: Wrapping, limit: number, where: string) => Uint8Array;

/** Deflate cannot do better than 1032 to 1, so a declared size beyond that is a lie. */
export const maxDeflateRatio = 1032;

const piece = 1 << 16;

/** {@link Inflate} in plain JavaScript, for browsers; Node has a faster one in `node/nativeInflate.node.ts`. */
export const inflate: Inflate = (bytes, wrapping, limit, where) => {
  const bound = Math.min(limit, bytes.length * maxDeflateRatio);
  const parts: Uint8Array[] = [];
  let total = 0;
  let done = false;
  const take = (part: Uint8Array, final: boolean) => {
    total += part.length;
    if (total > bound) throw badData(where, `inflates to more than ${limit} bytes`);
    parts.push(part.slice());
    done ||= final;
  };
  const stream = wrapping === "gzip" ? new Gunzip(take) : wrapping === "zlib" ? new Unzlib(take) : new RawInflate(take);
  try {
    for (let i = 0; i < bytes.length || i === 0; i += piece)
      stream.push(bytes.subarray(i, i + piece), i + piece >= bytes.length);
  } catch (error) {
    throw asBadData(where, "the compressed data is damaged or cut short", error);
  }
  if (!done || (wrapping === "gzip" && bytes.length < 18)) throw badData(where, "the compressed data is cut short");
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  if (wrapping === "gzip") {
    const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8);
    if (trailer.getUint32(0, true) !== crc32(out)) throw badData(where, "the compressed data is damaged (checksum)");
  }
  return out;
};

/** Whether `bytes` start with the gzip signature. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
