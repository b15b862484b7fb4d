import { AttarError } from "../../engine/errors.ts";
import { isGzip } from "../formats/inflate.ts";
import { inflateLimit } from "../formats/inflateLimit.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { openRegular } from "./regularFile.node.ts";

export { cannotRead } from "./regularFile.node.ts";

/**
 * The bytes of a file, inflated if it is gzip.
 *
 * @throws AttarError "absent-file" or "bad-data"
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readRaw(path);
  return isGzip(bytes) ? nativeInflate(bytes, "gzip", inflateLimit(bytes.length), path) : bytes;
}

/**
 * The bytes of a regular file as they are: as many as its size says, however long it grows while it is read.
 *
 * @throws AttarError "absent-file"; "bad-data" for what is no regular file (a pipe, a device, a folder) and above 2 GiB
 */
export async function readRaw(path: string): Promise<Uint8Array> {
  const file = await openRegular(path);
  try {
    return await file.read(0, file.size);
  } finally {
    await file.close();
  }
}

/**
 * The text (UTF-8) of a small regular file that may be absent or unreadable, such as a record or a cache.
 *
 * @param most the largest size in bytes that is read
 * @returns undefined where there is no such file, where it is no regular one, or where it is larger
 */
export async function readTextIfAny(path: string, most = 2 ** 28): Promise<string | undefined> {
  try {
    const file = await openRegular(path);
    try {
      return file.size > most ? undefined : new TextDecoder().decode(await file.read(0, file.size));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}
