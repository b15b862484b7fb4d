import { join } from "node:path";
import { contentOf, filesBelow } from "./folderFiles.node.ts";
import { readRaw } from "./readBytes.node.ts";

/** An image file with its class. */
export interface LabelledFile {
  readonly path: string;
  readonly label: number;
}

/** Files that list "image TAB class …", as val_annotations.txt of Tiny ImageNet. */
const annotations = /annotations?\.(txt|tsv)$/i;
const stem = (file: string) =>
  file
    .replace(/^.*\//, "")
    .replace(/(\.(png|jpe?g|webp|bmp))+$/i, "")
    .toLowerCase();

/**
 * The images of a split without class folders that has a list of their classes: lines of file name and class, separated by
 * a tab. Endings do not count, so that a list of JPEG names fits the PNG images made from them.
 *
 * @returns undefined where there is no such list
 */
export async function annotatedFiles(folder: string, classes: readonly string[]): Promise<LabelledFile[] | undefined> {
  const list = (await contentOf(folder)).files.find((file) => annotations.test(file));
  if (!list) return undefined;
  const text = new TextDecoder().decode(await readRaw(join(folder, list)));
  const labels = new Map(
    text.split(/\r?\n/).flatMap((line): [string, number][] => {
      const [file = "", name = ""] = line.split("\t");
      const label = classes.indexOf(name.trim());
      return label >= 0 ? [[stem(file), label]] : [];
    }),
  );
  const files = (await filesBelow(folder)).filter((file) => /\.png$/i.test(file));
  return files.flatMap((path) => {
    const label = labels.get(stem(path));
    return label === undefined ? [] : [{ path, label }];
  });
}
