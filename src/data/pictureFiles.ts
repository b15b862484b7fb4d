import type { CondensedSet } from "./dataset.ts";
import { folderNames } from "./folderNames.ts";
import { encodePng } from "./formats/png.ts";
import { grid } from "./grid.ts";
import { pictures } from "./pictures.ts";

/** What of a set its pictures show. */
export type Shown = Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation" | "classes">;

/** A picture of every image, `images/<class>/<k>.png`, and `grid.png`: content by path. */
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
