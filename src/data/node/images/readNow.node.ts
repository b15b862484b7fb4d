import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { badData } from "../../badData.ts";
import { cannotRead, checkRegular } from "../regularFile.node.ts";

/** The largest file that is read as one image: 256 MiB. */
const largest = 2 ** 28;

/**
 * The bytes of a regular file, read at once: a fifth of the time that a promise takes, which counts where files are small and
 * many.
 *
 * @throws AttarError "absent-file"; "bad-data" for what is no regular file, and above 256 MiB
 */
export function readNow(path: string): Uint8Array<ArrayBuffer> {
  let file: number | undefined;
  try {
    checkRegular(path, statSync(path));
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    checkRegular(path, stats);
    if (stats.size > largest) throw badData(path, `${stats.size} bytes are more than the 256 MiB of one image`);
    const bytes = new Uint8Array(stats.size);
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(file, bytes, at, bytes.length - at, at);
      if (read === 0) throw badData(path, "became shorter while it was read");
      at += read;
    }
    return bytes;
  } catch (error) {
    throw cannotRead(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
