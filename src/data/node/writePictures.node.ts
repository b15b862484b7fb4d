import { join } from "node:path";
import { gridImage, pictureFiles, type Shown } from "../pictureFiles.ts";
import { replaceOwnFiles } from "./ownFiles.node.ts";
import { writeAtomic } from "./writeAtomic.node.ts";

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

/** Writes all images in one picture, a row a class; a file of that name is replaced. @throws AttarError "cannot-write" */
export async function writeGrid(path: string, set: Omit<Shown, "classes">): Promise<string> {
  await writeAtomic(path, gridImage(set));
  return path;
}
