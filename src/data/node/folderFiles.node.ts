import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDebris } from "../images/fileTree.ts";
import { byCodePoint } from "../labelNames.ts";
import { cannotRead } from "./regularFile.node.ts";

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
    if (isDebris(entry.name)) continue;
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
