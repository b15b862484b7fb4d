import type { WritableFiles } from "./runFiles.ts";

/**
 * The files of a page's origin: what a browser keeps for a site beside its cookies, out of the sight of others. A file that is written takes
 * the place of the one before when it is whole.
 *
 * @returns undefined where the browser keeps none, as in some private windows
 */
export async function originFiles(): Promise<WritableFiles | undefined> {
  const root = await navigator.storage?.getDirectory?.().catch(() => undefined);
  if (!root) return undefined;
  const folderOf = async (path: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle | undefined> => {
    let at = root;
    for (const name of path) {
      const next = await at.getDirectoryHandle(name, { create }).catch(ifMissing);
      if (!next) return undefined;
      at = next;
    }
    return at;
  };
  const partsOf = (path: string) => path.split("/").filter((name) => name !== "");
  const fileOf = async (path: string): Promise<File | undefined> => {
    const parts = partsOf(path);
    const folder = await folderOf(parts.slice(0, -1), false);
    const handle = await folder?.getFileHandle(parts.at(-1)!).catch(ifMissing);
    return handle?.getFile();
  };
  return {
    async list(path) {
      const folder = await folderOf(partsOf(path), false);
      const found: { name: string; isFolder: boolean }[] = [];
      if (folder)
        for await (const [name, { kind }] of folder.entries()) found.push({ name, isFolder: kind === "directory" });
      return found;
    },
    async read(path) {
      const file = await fileOf(path);
      return file && new Uint8Array(await file.arrayBuffer());
    },
    async stat(path) {
      const file = await fileOf(path);
      return file && { modified: file.lastModified, bytes: file.size };
    },
    async write(path, bytes) {
      const parts = partsOf(path);
      const folder = await folderOf(parts.slice(0, -1), true);
      const handle = await folder!.getFileHandle(parts.at(-1)!, { create: true });
      const writing = await handle.createWritable();
      await writing.write(bytes);
      await writing.close();
    },
    async remove(path) {
      const parts = partsOf(path);
      const folder = await folderOf(parts.slice(0, -1), false);
      await folder?.removeEntry(parts.at(-1)!, { recursive: true }).catch(ifMissing);
    },
  };
}

/** What is not there, or is of the other kind, is passed over; anything else, such as a full disk, is told. */
function ifMissing(error: unknown): undefined {
  if (error instanceof DOMException && (error.name === "NotFoundError" || error.name === "TypeMismatchError"))
    return undefined;
  throw error;
}
