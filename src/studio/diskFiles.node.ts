import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { RunFiles } from "./runFiles.ts";

/**
 * The files of a folder of this machine, and no file outside of it: what a link leads to counts as where it is.
 *
 * @param root the folder; it may not be there yet
 */
export function diskFiles(root: string): RunFiles {
  const inside = async (path: string): Promise<string | undefined> => {
    try {
      const [own, found] = [await realpath(root), await realpath(join(root, path))];
      return found === own || found.startsWith(own + sep) ? found : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    async list(folder) {
      const path = await inside(folder);
      if (path === undefined) return [];
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    },
    async read(file) {
      const path = await inside(file);
      return path === undefined ? undefined : new Uint8Array(await readFile(path));
    },
    async stat(file) {
      const path = await inside(file);
      const found = path === undefined ? undefined : await stat(path);
      return found && { modified: found.mtimeMs, bytes: found.size };
    },
  };
}
