import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { byCodePoint } from "../labelNames.ts";
import { cannotRead } from "./regularFile.node.ts";

/** Folders that archives and tools leave behind. */
const debris = /^(\.|__MACOSX$|@eaDir$)/;

/** The content of a folder: links stand for what they lead to, and what a system hides or leaves behind is passed over. */
export interface FolderContent {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Names in a folder, in text order. @throws AttarError "absent-file" */
export async function contentOf(folder: string): Promise<FolderContent> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw cannotRead(folder, error);
  });
  const [folders, files]: [string[], string[]] = [[], []];
  for (const entry of entries.sort((a, b) => byCodePoint(a.name, b.name))) {
    if (debris.test(entry.name)) continue;
    const kind = await kindOf(entry, join(folder, entry.name));
    if (kind === "folder") folders.push(entry.name);
    if (kind === "file") files.push(entry.name);
  }
  return { folders, files };
}

/** Pipes and devices count as files: whoever reads one refuses it by name. A link that leads nowhere is passed over. */
async function kindOf(entry: Dirent, path: string): Promise<"folder" | "file" | undefined> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  return found && (found.isDirectory() ? "folder" : "file");
}

/**
 * The paths of all files below a folder, in the order of torchvision's ImageFolder: folder by folder in text order, each
 * with its files in text order. A folder that a link leads to twice is read once.
 */
export async function filesBelow(folder: string): Promise<string[]> {
  const found: { root: string; files: readonly string[] }[] = [];
  const seen = new Set<string>();
  const walk = async (root: string): Promise<void> => {
    const real = await realpath(root);
    if (seen.has(real)) return;
    seen.add(real);
    const { folders, files } = await contentOf(root);
    found.push({ root, files });
    for (const name of folders) await walk(join(root, name));
  };
  await walk(folder);
  found.sort((a, b) => byCodePoint(a.root, b.root));
  return found.flatMap(({ root, files }) => files.map((file) => join(root, file)));
}
