import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** The most bytes that decoded images may take on the disk before the ones unused for longest go: 10 GiB. */
export const cacheBound = 10 * 2 ** 30;

/** A file of the cache of decoded images. */
export interface CacheFile {
  /** The file's name: the key of the images and ".pixels", or "contents-….txt" of a folder's index. */
  readonly name: string;
  readonly bytes: number;
  /** The last use, in milliseconds since 1970. */
  readonly used: number;
}

/** Names that the cache gives its files; whatever else lies in the folder is none of its. */
const own = /^([0-9a-f]{64}\.pixels|contents-[0-9a-f]{32}\.txt)$/;

/** The files of the cache, those used last first; none where there is no such folder. */
export async function cacheFiles(folder: string): Promise<CacheFile[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => own.test(name))
      .map(async (name) => {
        const stats = await stat(join(folder, name)).catch(() => undefined);
        return stats?.isFile() ? { name, bytes: stats.size, used: stats.mtimeMs } : undefined;
      }),
  );
  return found.filter((file) => file !== undefined).sort((a, b) => b.used - a.used);
}

/** Removes all files of the cache. @returns those that are gone */
export async function clearCache(folder: string): Promise<CacheFile[]> {
  const files = await cacheFiles(folder);
  for (const { name } of files) await rm(join(folder, name), { force: true });
  return files;
}

/** Removes those unused for longest until the others take `most` bytes; the one of a name stays. */
export async function evict(folder: string, kept: string, most = cacheBound): Promise<void> {
  let total = 0;
  for (const { name, bytes } of await cacheFiles(folder)) {
    total += bytes;
    if (total > most && name !== kept) await rm(join(folder, name), { force: true });
  }
}
