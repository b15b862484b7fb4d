import { constants, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { AttarError } from "../../engine/errors.ts";
import { badData } from "../badData.ts";

/** The largest part of a file that is read in one piece: 2 GiB, Node's own limit. */
const maxFileBytes = 2 ** 31 - 1;

/** A regular file open for reading; its size is what it was when it was opened. */
export interface RegularFile {
  readonly size: number;
  /** Reads `length` bytes from `start` on. @throws AttarError "bad-data" above 2 GiB, and where the file became shorter */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Fills an array of at most 2 GiB from `start` on. @throws AttarError "bad-data" where the file became shorter */
  readInto(start: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file that is one: a named pipe, a device or a socket is refused before it is opened, for reading them may wait for
 * ever, never end, or do something. A symbolic link stands for what it leads to.
 *
 * @throws AttarError "absent-file", "bad-data"
 */
export async function openRegular(path: string): Promise<RegularFile> {
  try {
    checkRegular(path, await stat(path));
    // Not to wait where a pipe has taken the file's place meanwhile.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      checkRegular(path, stats);
      const readInto = async (start: number, bytes: Uint8Array): Promise<void> => {
        for (let at = 0; at < bytes.length; ) {
          const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at).catch((error) => {
            throw cannotRead(path, error);
          });
          if (bytesRead === 0) throw badData(path, "became shorter while it was read");
          at += bytesRead;
        }
      };
      return {
        size: stats.size,
        readInto,
        async read(start, length) {
          if (length > maxFileBytes)
            throw badData(path, `${length} bytes are more than the 2 GiB that are read in one piece`);
          const bytes = new Uint8Array(length);
          await readInto(start, bytes);
          return bytes;
        },
        close: () => handle.close(),
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** @throws AttarError "bad-data" naming what is there in place of a file */
export function checkRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw badData(path, "is a folder, expected a file");
  throw badData(
    path,
    `is ${kindOf(stats)}, no regular file`,
    "Only regular files are read; copy its content into one.",
  );
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isCharacterDevice() || stats.isBlockDevice() ? "a device" : "something else";
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
