import { readFile, stat } from "node:fs/promises";
import { AttarError } from "../../engine/errors.ts";
import { badData } from "../badData.ts";
import { isGzip, maxDeflateRatio } from "../formats/inflate.ts";
import { nativeInflate } from "./nativeInflate.node.ts";

/** Largest file that is read in one piece: 2 GiB, Node's own limit. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * The bytes of a file, inflated if it is gzip.
 *
 * @throws AttarError "absent-file" or "bad-data"
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readRaw(path);
  if (!isGzip(bytes)) return bytes;
  return nativeInflate(bytes, "gzip", Math.min(2 ** 32, bytes.length * maxDeflateRatio), path);
}

/** The bytes of a file as they are. */
export async function readRaw(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) throw badData(path, `${size} bytes are more than the 2 GiB that are read in one piece`);
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The error of a read that failed, in words. */
export function cannotRead(path: string, error: unknown): AttarError {
  if (error instanceof AttarError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new AttarError("absent-file", `${path}: no such file or folder.`, "Check the path.");
  if (code === "EACCES") return new AttarError("absent-file", `${path}: permission denied.`, "Check who may read it.");
  if (code === "EISDIR") return badData(path, "is a folder, expected a file");
  return badData(path, `cannot be read (${message})`);
}
