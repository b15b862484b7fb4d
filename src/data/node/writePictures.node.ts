import { join } from "node:path";
import type { CondensedSet } from "../dataset.ts";
import { folderNames } from "../folderNames.ts";
import { encodePng } from "../formats/png.ts";
import { grid } from "../grid.ts";
import { pictures } from "../pictures.ts";
import { replaceOwnFiles } from "./ownFiles.node.ts";
import { writeAtomic } from "./writeAtomic.node.ts";

type Shown = Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation" | "classes">;

/** The places that {@link writePictures} writes to. */
export const picturePlaces = ["images", "grid.png"] as const;

/**
 * Writes `<folder>/images/<class>/<k>.png` and `<folder>/grid.png`: the set un-normalised, for a person to look at. Those of
 * an earlier set are removed.
 *
 * @returns the path of the grid
 * @throws AttarError "foreign-files" (exit code 2) where a file that attar did not write is in the way, "cannot-write"
 */
export async function writePictures(folder: string, set: Shown): Promise<string> {
  await replaceOwnFiles(folder, picturePlaces, pictureFiles(set));
  return join(folder, "grid.png");
}

/** The files of {@link writePictures}: content by path. */
export function pictureFiles(set: Shown): Map<string, Uint8Array> {
  return new Map([...classFolders("images", set), ["grid.png", gridImage(set)]]);
}

/** `<root>/<class>/<k>.png` of every image: content by path. */
export function classFolders(root: string, set: Shown): Map<string, Uint8Array> {
  const names = folderNames(set.classes);
  return new Map(
    pictures(set).map(({ image, label, k }) => [`${root}/${names[label]!}/${k}.png`, encodePng(image)] as const),
  );
}

/** All images in one PNG, a row a class. */
export const gridImage = (set: Omit<Shown, "classes">) => encodePng(grid(pictures(set)));

/** Writes all images in one picture, a row a class; a file of that name is replaced. @throws AttarError "cannot-write" */
export async function writeGrid(path: string, set: Omit<Shown, "classes">): Promise<string> {
  await writeAtomic(path, gridImage(set));
  return path;
}
