import { readFileSync } from "node:fs";
import { link, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cannotRead } from "../../data/node/regularFile.node.ts";
import { meantBy, temporaryName } from "../../data/node/temporaryName.node.ts";
import { cannotWrite, makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import type { Backend } from "./backend.ts";

/**
 * A folder, which several processes and, over a network's file system, several machines may share. A name that must not be replaced
 * comes about as a link to a finished file: of two who link at once the system lets one.
 *
 * @throws AttarError "cannot-write" from what writes, where the disk is full, the place read-only or the folder a file
 */
export function folderBackend(folder: string): Backend {
  const pathOf = (name: string) => join(folder, name);
  const read = (name: string) => {
    try {
      return new Uint8Array(readFileSync(pathOf(name)));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw cannotRead(pathOf(name), error);
    }
  };
  return {
    where: folder,
    get: async (name) => read(name),
    many: async (names) => names.map(read),
    put: (name, content) => writeAtomic(pathOf(name), content),
    async add(name, content) {
      const path = pathOf(name);
      await makeFolder(dirname(path));
      const draft = join(dirname(path), temporaryName(basename(path)));
      try {
        const file = await open(draft, "wx");
        try {
          await file.writeFile(content);
          await file.sync();
        } finally {
          await file.close();
        }
        await link(draft, path);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw cannotWrite(path, error);
      } finally {
        await rm(draft, { force: true }).catch(() => {});
      }
    },
    async list(under) {
      const names = await readdir(pathOf(under), { recursive: true, withFileTypes: true }).catch((error) => {
        if (isAbsent(error)) return [];
        throw cannotRead(pathOf(under), error);
      });
      const base = join(pathOf(under), "/");
      return names
        .filter((entry) => entry.isFile() && meantBy(entry.name) === undefined)
        .map((entry) => under + join(entry.parentPath, entry.name).slice(base.length))
        .sort();
    },
    async remove(name) {
      await rm(pathOf(name), { force: true }).catch((error) => {
        throw cannotWrite(pathOf(name), error);
      });
    },
  };
}

const isAbsent = (error: unknown) => ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
