import { gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { badData } from "../badData.ts";
import type { Inflate } from "../formats/inflate.ts";

const inflaters = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync };

/** `Inflate` by Node's zlib: three times as fast as the portable one, and checks gzip's and zlib's checksums. */
export const nativeInflate: Inflate = (bytes, wrapping, limit, where) => {
  try {
    const { buffer, byteOffset, length } = inflaters[wrapping](bytes, { maxOutputLength: Math.max(1, limit) });
    return new Uint8Array(buffer, byteOffset, length); // a Buffer's own slice would share memory
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw badData(where, `inflates to more than ${limit} bytes`);
    throw badData(where, "the compressed data is damaged or cut short");
  }
};
