import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AttarError } from "../../engine/errors.ts";
import type { CondensedSet } from "../dataset.ts";
import { encodePng } from "../formats/png.ts";
import { grid, pictures } from "../pictures.ts";
import { writeAtomic } from "./writeAtomic.node.ts";

/** A class name as a folder's name: what file systems and shells take amiss becomes "_". */
export function folderName(name: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N} ._+-]/gu, "_")
    .replace(/^[. ]+|[. ]+$/g, "")
    .slice(0, 100);
  return safe || "_";
}

/** One folder's name a class, all different: classes whose names would coincide get their index appended. */
export function folderNames(classes: readonly string[]): string[] {
  const plain = classes.map(folderName);
  return plain.map((name, i) =>
    plain.some((other, j) => j !== i && other.toLowerCase() === name.toLowerCase()) ? `${name}-${i}` : name,
  );
}

/**
 * Writes `<folder>/images/<class>/<k>.png` and `<folder>/grid.png`: the set un-normalised, for a person to look at.
 *
 * @returns the path of the grid
 * @throws AttarError "cannot-write"
 */
export async function writePictures(
  folder: string,
  set: Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation" | "classes">,
): Promise<string> {
  await writeClassFolders(join(folder, "images"), set);
  return writeGrid(join(folder, "grid.png"), set);
}

/** Writes all images in one picture, a row a class. */
export async function writeGrid(
  path: string,
  set: Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation">,
): Promise<string> {
  await writeAtomic(path, encodePng(grid(pictures(set))));
  return path;
}

/** @throws AttarError "foreign-files" (exit code 2) where a folder of classes holds others than a set's. */
export async function checkClassFolders(folder: string, { classes }: Pick<CondensedSet, "classes">): Promise<void> {
  const names = folderNames(classes);
  const there = await readdir(folder).catch(() => [] as string[]);
  const foreign = there.find((name) => !name.startsWith(".") && !names.includes(name));
  if (foreign === undefined) return;
  throw new AttarError(
    "foreign-files",
    `${folder} holds something else already: ${foreign}`,
    "choose another --out folder, or remove it",
  );
}

/** Writes `<folder>/<class>/<k>.png`, and removes those of an earlier, larger set. @throws AttarError "cannot-write" */
export async function writeClassFolders(
  folder: string,
  set: Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation" | "classes">,
): Promise<void> {
  const names = folderNames(set.classes);
  const kept = new Set(pictures(set).map(({ label, k }) => join(names[label]!, `${k}.png`)));
  for (const name of names)
    for (const file of await readdir(join(folder, name)).catch(() => [] as string[]))
      if (/^\d+\.png$/.test(file) && !kept.has(join(name, file))) await rm(join(folder, name, file));
  for (const { image, label, k } of pictures(set))
    await writeAtomic(join(folder, names[label]!, `${k}.png`), encodePng(image));
}
