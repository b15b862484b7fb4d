import { Gunzip, Inflate as RawInflate, Unzlib } from "fflate";
import { asBadData, badData } from "../badData.ts";
import { adler32 } from "./adler32.ts";
import { crc32 } from "./crc32.ts";
import { inflateHint } from "./inflateLimit.ts";

/** The wrapper around the deflated bytes: RFC 1952, RFC 1950, or none. */
export type Wrapping = "gzip" | "zlib" | "raw";

/**
 * Inflates `bytes` to at most `limit` bytes. The checksum of the wrapper, where it has one, is compared.
 *
 * @throws AttarError "bad-data" naming `where` when the stream is damaged, ends early, or is longer than `limit`
 */
export type Inflate = (bytes: Uint8Array, wrapping: Wrapping, limit: number, where: string) => Uint8Array;

/** Deflate cannot do better than 1032 to 1, so a declared size beyond that is a lie. */
export const maxDeflateRatio = 1032;

/** The number of compressed bytes that are handed on at a time: few, as each may become a thousand. */
const piece = 1 << 12;

/** {@link Inflate} in plain JavaScript, for browsers; Node has a faster one in `node/nativeInflate.node.ts`. */
export const inflate: Inflate = (bytes, wrapping, limit, where) => {
  const parts: Uint8Array[] = [];
  let total = 0;
  let done = false;
  const take = (part: Uint8Array, final: boolean) => {
    total += part.length;
    if (total > limit) throw tooLong(where, limit);
    if (part.length > 0) parts.push(part.slice());
    done ||= final;
  };
  const stream = wrapping === "gzip" ? new Gunzip(take) : wrapping === "zlib" ? new Unzlib(take) : new RawInflate(take);
  try {
    for (let i = 0; i < bytes.length || i === 0; i += piece)
      stream.push(bytes.subarray(i, i + piece), i + piece >= bytes.length);
  } catch (error) {
    throw asBadData(where, "the compressed data is damaged or cut short", error);
  }
  if (!done || (wrapping === "gzip" && bytes.length < 18) || (wrapping === "zlib" && bytes.length < 6))
    throw badData(where, "the compressed data is cut short");
  const out = parts.length === 1 ? parts[0]! : new Uint8Array(total);
  if (parts.length > 1) {
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
  }
  if (!isChecked(bytes, wrapping, out)) throw badData(where, "the compressed data is damaged (checksum)");
  return out;
};

/** The refusal of a stream that is longer than `limit` bytes. */
export function tooLong(where: string, limit: number) {
  return badData(where, `inflates to more than ${limit} bytes`, inflateHint);
}

function isChecked(bytes: Uint8Array, wrapping: Wrapping, out: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (wrapping === "gzip") return view.getUint32(bytes.length - 8, true) === crc32(out);
  return wrapping === "raw" || view.getUint32(bytes.length - 4) === adler32(out);
}

/** Tells whether `bytes` start with the gzip signature. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
