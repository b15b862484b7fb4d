import type { WritableFiles } from "./runFiles.ts";

/** Files in memory, for a page whose browser keeps none, and for tests. */
export function memoryFiles(): WritableFiles {
  const all = new Map<string, { bytes: Uint8Array<ArrayBuffer>; modified: number }>();
  let writes = 0;
  return {
    async list(folder) {
      const start = folder === "" ? "" : `${folder}/`;
      const found = new Map<string, boolean>();
      for (const path of all.keys()) {
        if (!path.startsWith(start)) continue;
        const [name, ...rest] = path.slice(start.length).split("/");
        found.set(name!, rest.length > 0);
      }
      return [...found].map(([name, isFolder]) => ({ name, isFolder }));
    },
    read: async (path) => all.get(path)?.bytes.slice(),
    async stat(path) {
      const file = all.get(path);
      return file && { modified: file.modified, bytes: file.bytes.length };
    },
    async write(path, bytes) {
      all.set(path, { bytes: bytes.slice(), modified: ++writes });
    },
    async remove(path) {
      for (const other of [...all.keys()]) if (other === path || other.startsWith(`${path}/`)) all.delete(other);
    },
  };
}
