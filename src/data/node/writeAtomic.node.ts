import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AttarError } from "../../engine/errors.ts";
import { temporaryName } from "./temporaryName.node.ts";

/**
 * Writes a file so that after a crash at any moment there is either the old content or the new, never a part: a
 * temporary file in the same folder, fsync, rename over `path`, fsync of the folder. Folders are made as needed. A list of
 * parts is written one after the other.
 *
 * @throws AttarError "cannot-write" (exit code 1) when the disk is full or the place not writable; nothing is left behind
 */
export async function writeAtomic(path: string, content: Uint8Array | string | readonly Uint8Array[]): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = join(folder, temporaryName(basename(path)));
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, "wx");
    for (const part of Array.isArray(content) ? content : [content]) await file.writeFile(part);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await file?.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    throw cannotWrite(path, error);
  }
}

/**
 * Makes a folder and those above it.
 *
 * @throws AttarError "cannot-write"
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Folder by folder: Node's recursive form never returns where a parent can be listed but not written, as under /proc. */
async function makeFolders(path: string): Promise<void> {
  const known = await stat(path).catch(() => undefined);
  if (known?.isDirectory()) return;
  if (known) throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
  if (dirname(path) !== path) await makeFolders(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

/** The error of a write that failed: says why in words, exit code 1. */
export function cannotWrite(path: string, error: unknown): AttarError {
  if (error instanceof AttarError) return error;
  const { message } = error as NodeJS.ErrnoException;
  const [reason, hint] = whyNot(error) ?? [message ?? String(error), "Choose another folder."];
  return new AttarError("cannot-write", `cannot write ${path}: ${reason}.`, hint, 1);
}

/** Why the system refused something, in words, and what to do; undefined where there are no words for it. */
export const whyNot = (error: unknown): [reason: string, hint: string] | undefined =>
  reasons[(error as NodeJS.ErrnoException | undefined)?.code ?? ""];

const elsewhere = "Choose a folder you may write to.";
const reasons: Readonly<Partial<Record<string, [string, string]>>> = {
  ENOSPC: ["the disk is full", "Free some space, or choose a folder on another disk."],
  EDQUOT: ["the disk quota is used up", "Free some space, or choose a folder on another disk."],
  EACCES: ["permission denied", elsewhere],
  ENOENT: ["its folder cannot be made", elsewhere],
  EPERM: ["permission denied", elsewhere],
  EROFS: ["the file system is read-only", elsewhere],
  ENOTDIR: ["a part of the path is a file, not a folder", "Choose another folder."],
  EEXIST: ["a file of that name is in the way", "Choose another folder."],
  EISDIR: ["a folder of that name is in the way", "Choose another name."],
  ENAMETOOLONG: ["a name in the path is too long", "Choose a shorter name."],
  ELOOP: ["a link in the path leads to itself", "Choose another folder."],
  EMFILE: ["too many files are open", "Allow more: ulimit -n 1024"],
  ENFILE: ["too many files are open on this machine", "Try again later."],
  EIO: ["the disk reported an error", "Choose a folder on another disk."],
  EBUSY: ["it is in use", "Try again later."],
  EFBIG: ["the file would be larger than allowed", "Allow more: ulimit -f unlimited"],
};

/** Makes a rename durable. Not every system lets a folder be opened; there the rename alone has to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  if (!handle) return;
  try {
    await handle.sync();
  } catch (error) {
    if (!["EINVAL", "EPERM", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await handle.close();
  }
}
