import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { convertFolder } from "../../convertAdvice.ts";
import type { Folder, ImageFiles } from "../../images/fileTree.ts";
import { contentOf } from "../folderFiles.node.ts";
import { readRaw } from "../readBytes.node.ts";

/** A folder on the disk as a dataset's reader sees it; what a link leads to is one folder, however often it is met. */
export async function folderTree(path: string): Promise<Folder> {
  const known = new Map<string, Folder>();
  const visit = async (at: string): Promise<Folder> => {
    const real = await realpath(at);
    const met = known.get(real);
    if (met) return met;
    const { folders, files } = await contentOf(at);
    const inside = new Map<string, Folder>();
    const found: Folder = { folders: inside, files };
    known.set(real, found);
    for (const name of folders) inside.set(name, await visit(join(at, name)));
    return found;
  };
  return visit(path);
}

/** The files of a folder on the disk. @throws AttarError "absent-file" */
export async function folderFiles(path: string): Promise<ImageFiles & { readonly advice: string }> {
  const name = path.replace(/(?<=.)\/+$/, "");
  return {
    root: await folderTree(path),
    name,
    advice: convertFolder(name),
    read: (file) => readRaw(join(path, file)),
  };
}
