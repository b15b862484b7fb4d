import { byCodePoint } from "../labelNames.ts";

/** A folder as a dataset's reader sees it; two names may lead to one folder, where there are links. */
export interface Folder {
  readonly folders: ReadonlyMap<string, Folder>;
  /** Names in text order. */
  readonly files: readonly string[];
}

/** Files under one root, on a disk, in an archive or in a page. Paths are relative, with "/" between names. */
export interface ImageFiles {
  readonly root: Folder;
  /** The root's own name, for messages. */
  readonly name: string;
  /** @throws AttarError naming the file where it cannot be read */
  read(path: string): Uint8Array | Promise<Uint8Array>;
}

/** Folders and files that archives and tools leave behind, and what systems hide. */
export const isDebris = (name: string): boolean => /^(\.|__MACOSX$|@eaDir$|Thumbs\.db$|desktop\.ini$)/.test(name);

/** A path below another. */
export const below = (path: string, name: string): string => (path === "" ? name : `${path}/${name}`);

/** The folder of paths: names in text order, without debris. */
export function treeOf(paths: Iterable<string>): Folder {
  interface Growing {
    folders: Map<string, Growing>;
    files: string[];
  }
  const root: Growing = { folders: new Map(), files: [] };
  for (const path of paths) {
    const parts = path.split("/");
    if (parts.some(isDebris)) continue;
    const file = parts.pop()!;
    let at = root;
    for (const part of parts) {
      const inside: Growing = at.folders.get(part) ?? { folders: new Map(), files: [] };
      at.folders.set(part, inside);
      at = inside;
    }
    if (file !== "") at.files.push(file);
  }
  const sorted = ({ folders, files }: Growing): Folder => ({
    folders: new Map(
      [...folders].sort(([a], [b]) => byCodePoint(a, b)).map(([name, inside]) => [name, sorted(inside)]),
    ),
    files: files.sort(byCodePoint),
  });
  return sorted(root);
}

/**
 * The paths of all files below a folder, in the order of torchvision's ImageFolder: folder by folder in text order, each
 * with its files in text order. A folder that several names lead to is read once.
 */
export function filesBelow(folder: Folder, path: string): string[] {
  const found: { path: string; files: readonly string[] }[] = [];
  const seen = new Set<Folder>();
  const walk = (at: Folder, where: string): void => {
    if (seen.has(at)) return;
    seen.add(at);
    found.push({ path: where, files: at.files });
    for (const [name, inside] of at.folders) walk(inside, below(where, name));
  };
  walk(folder, path);
  found.sort((a, b) => byCodePoint(a.path, b.path));
  return found.flatMap(({ path: where, files }) => files.map((file) => below(where, file)));
}

/** The folder at a path; undefined where there is none. */
export function folderAt(root: Folder, path: string): Folder | undefined {
  let at: Folder | undefined = root;
  for (const name of path === "" ? [] : path.split("/")) at = at?.folders.get(name);
  return at;
}
