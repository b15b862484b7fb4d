import type { Dirent } from "node:fs";
import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { AttarError } from "../../engine/errors.ts";
import {
  announce,
  digestOf,
  digestOfFile,
  type Manifest,
  manifestName,
  readManifest,
  writeManifest,
} from "./manifest.node.ts";
import { meantBy } from "./temporaryName.node.ts";
import { cannotWrite, writeAtomic } from "./writeAtomic.node.ts";

/** The files that attar wrote in some places of a folder. */
export interface OwnFiles {
  /** The SHA-256 of each file by its path from the folder, with slashes. */
  readonly files: ReadonlyMap<string, string>;
  /** Their folders, the outer before the inner. */
  readonly folders: readonly string[];
  /** The files that writes cut short by a kill left behind. */
  readonly temporary: readonly string[];
}

/**
 * Looks through places of a folder, such as `images` and `grid.png`, where attar is about to write or delete. Names that
 * begin with a dot are left out, except attar's own temporary files.
 *
 * @param manifest what attar wrote there earlier. @param planned the SHA-256 of what will be written by path: a file that holds
 * just that is in nobody's way.
 * @throws AttarError "foreign-files" (exit code 2) where there is anything else, or a link: nothing is written through one;
 * "cannot-write" where it cannot be read.
 */
export async function ownFiles(
  folder: string,
  places: readonly string[],
  manifest: Manifest = new Map(),
  planned: ReadonlyMap<string, string> = new Map(),
): Promise<OwnFiles> {
  const files = new Map<string, string>();
  const folders: string[] = [];
  const temporary: string[] = [];
  const expected = new Set([...manifest.keys(), ...planned.keys()].flatMap(above));
  const look = async (path: string, entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">) => {
    const at = join(folder, path);
    if (entry.isSymbolicLink()) throw foreign(folder, path, "is a link, and attar writes through none");
    if (entry.isDirectory()) {
      if (!expected.has(path)) throw foreign(folder, path, "is not attar's");
      folders.push(path);
      for (const inner of (await readdir(at, { withFileTypes: true })).sort(byName)) {
        if (meantBy(inner.name) !== undefined && inner.isFile()) temporary.push(`${path}/${inner.name}`);
        else if (!inner.name.startsWith(".")) await look(`${path}/${inner.name}`, inner);
      }
      return;
    }
    const known = manifest.get(path);
    const next = planned.get(path);
    if (!entry.isFile() || (known === undefined && next === undefined))
      throw foreign(folder, path, "was not written by attar");
    const digest = await digestOfFile(at);
    if (digest !== next && !known?.has(digest))
      throw foreign(folder, path, known ? "has been changed since attar wrote it" : "was not written by attar");
    files.set(path, digest);
  };
  try {
    for (const name of await readdir(folder)) {
      const meant = meantBy(name);
      if (meant === manifestName || (meant !== undefined && places.includes(meant))) temporary.push(name);
    }
    for (const place of places) {
      const found = await lstat(join(folder, place)).catch(absent);
      if (found) await look(place, found);
    }
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  return { files, folders, temporary };
}

/**
 * Makes places of a folder hold these files and nothing else: writes them, and removes what attar wrote there earlier.
 * The manifest lists a file before it is written, so that a process killed at any moment leaves none that is not known.
 *
 * @param files content by path from the folder, with slashes.
 * @throws AttarError "foreign-files" before anything is changed, see {@link ownFiles}; "cannot-write"
 */
export async function replaceOwnFiles(
  folder: string,
  places: readonly string[],
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const manifest = (await readManifest(folder)) ?? new Map<string, Set<string>>();
  const planned = new Map([...files].map(([path, content]) => [path, digestOf(content)]));
  const there = await ownFiles(folder, places, manifest, planned);
  await announce(folder, planned);
  for (const [path, content] of files)
    if (there.files.get(path) !== planned.get(path)) await writeAtomic(join(folder, path), content);
  const stale = [...there.files.keys()].filter((path) => !planned.has(path));
  await removeOwnFiles(folder, { ...there, files: new Map(stale.map((path) => [path, ""])) });
  const elsewhere = [...manifest].filter(([path]) => !inside(path, places));
  const now = [...planned].map(([path, digest]) => [path, new Set([digest])] as const);
  await writeManifest(folder, new Map([...elsewhere, ...now]));
}

/** Writes one file that no other replaces, unless one that attar did not write is in its way; see {@link replaceOwnFiles}. */
export async function writeOwnFile(folder: string, path: string, content: Uint8Array): Promise<void> {
  const digest = digestOf(content);
  const planned = new Map([[path, digest]]);
  for (const outer of above(path)) {
    const found = await lstat(join(folder, outer)).catch(absent);
    if (found && !found.isDirectory()) throw foreign(folder, outer, "is no folder of attar's");
  }
  const { files } = await ownFiles(folder, [path], await readManifest(folder), planned);
  if (files.get(path) === digest) return;
  await announce(folder, planned);
  await writeAtomic(join(folder, path), content);
}

/** Removes files and, where they are empty then, their folders. @throws AttarError "cannot-write" */
export async function removeOwnFiles(folder: string, { files, folders, temporary }: OwnFiles): Promise<void> {
  try {
    for (const path of [...temporary, ...files.keys()]) await rm(join(folder, path), { force: true });
    for (const path of [...folders].reverse())
      await rmdir(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
        if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code ?? "")) throw error;
      });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** Tells whether a path is one of the places, or in one. */
const inside = (path: string, places: readonly string[]) =>
  places.some((place) => path === place || path.startsWith(`${place}/`));

/** The folders that a path with slashes lies in, the outer first. */
function above(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

const byName = (a: Dirent, b: Dirent) => (a.name < b.name ? -1 : 1);

const absent = (error: NodeJS.ErrnoException) => {
  if (error.code === "ENOENT") return undefined;
  throw error;
};

const foreign = (folder: string, path: string, why: string) =>
  new AttarError(
    "foreign-files",
    `${join(folder, path)} ${why}; nothing has been changed`,
    `choose another --out folder, or move ${join(folder, path.split("/")[0]!)} away`,
  );
