import { cacheFiles, clearCache } from "../data/node/images/cacheFiles.node.ts";
import { pixelCacheFolder } from "../data/node/images/pixelCache.node.ts";
import { byteCount } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";

export interface CacheFlags extends OutputOptions {
  list?: boolean;
  clear?: boolean;
}

/** `attar data cache`: the images that are kept decoded, and how much they take. */
export async function cacheCommand(flags: CacheFlags): Promise<void> {
  const folder = pixelCacheFolder();
  const files = flags.clear ? await clearCache(folder) : await cacheFiles(folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (flags.json) return printJson({ folder, bytes, files, cleared: flags.clear === true });
  if (flags.clear) return log(`${files.length} files removed, ${byteCount(bytes)}`, flags);
  if (flags.list && files.length > 0)
    print(
      table([
        ["file", "bytes", "last used"],
        ...files.map((file) => [
          file.name.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1…"),
          byteCount(file.bytes),
          new Date(file.used).toISOString().slice(0, 19).replace("T", " "),
        ]),
      ]),
    );
  print(`${folder}: ${files.length} files, ${byteCount(bytes)}`);
}
