import { below, filesBelow, type ImageFiles } from "./fileTree.ts";
import { imageStem, isImageName } from "./imageKind.ts";
import type { PlacedFolder } from "./splitFolders.ts";

/** An image file with its class. */
export interface LabelledFile {
  readonly path: string;
  readonly label: number;
}

/** Files that list "image TAB class …", as val_annotations.txt of Tiny ImageNet. */
const annotations = /annotations?\.(txt|tsv)$/i;

/**
 * The images of a split without class folders that has a list of their classes: lines of file name and class, separated by
 * a tab. Endings do not count, so that a list of JPEG names fits the PNG images made from them.
 *
 * @returns undefined where there is no such list
 */
export async function annotatedFiles(
  files: ImageFiles,
  { folder, path }: PlacedFolder,
  classes: readonly string[],
): Promise<LabelledFile[] | undefined> {
  const list = folder.files.find((file) => annotations.test(file));
  if (list === undefined) return undefined;
  const text = new TextDecoder().decode(await files.read(below(path, list)));
  const index = new Map(classes.map((name, label) => [name, label]));
  const labels = new Map(
    text.split(/\r?\n/).flatMap((line): [string, number][] => {
      const [file = "", name = ""] = line.split("\t");
      const label = index.get(name.trim());
      return label === undefined ? [] : [[imageStem(file), label]];
    }),
  );
  return filesBelow(folder, path).flatMap((file) => {
    const label = isImageName(file) ? labels.get(imageStem(file)) : undefined;
    return label === undefined ? [] : [{ path: file, label }];
  });
}
