import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { badData } from "../badData.ts";
import { isImageName } from "../images/imageKind.ts";
import { listed } from "../reading.ts";
import { splitNamed, twinNames } from "../splitNames.ts";
import { arrayFile } from "./arrayFile.node.ts";
import { binaryFormat } from "./binaryFormats.node.ts";
import { labelsBeside } from "./labelsBeside.ts";

/**
 * The file of named arrays that a folder without folders or images in it holds, if there is one to train on: one that says train, or the only
 * one; files of labels and of other splits are found from there.
 */
export function arraysIn(folder: string): string | undefined {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.isDirectory() && !entry.name.startsWith("."))) return undefined;
  const visible = entries.map(({ name }) => name).filter((name) => !name.startsWith("."));
  if (visible.some(isImageName)) return undefined;
  const files = visible.filter((name) => arrayFile.test(name));
  const labels = new Set(files.flatMap(labelsBeside));
  const images = files.filter((name) => !labels.has(name));
  const training = images.filter((name) => twinNames(name).length > 0);
  const found = training.length > 0 ? training : images;
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The folder in which a dataset's binary files lie, where it is below the one that is given, as torchvision keeps them:
 * `MNIST/raw`, `cifar-10-batches-bin`, `stl10_binary`.
 *
 * @throws AttarError "bad-data" where several datasets lie there
 */
export async function binaryFolderIn(folder: string): Promise<string | undefined> {
  const found: string[] = [];
  for (const below of folders(folder)) {
    if (splitNamed(basename(below)) !== undefined) continue;
    for (const at of [below, ...folders(below).filter((one) => basename(one) === "raw")])
      if ((await binaryFormat(at)) !== undefined) found.push(at);
  }
  if (found.length > 1)
    throw badData(
      folder,
      `holds ${found.length} datasets: ${listed(found.map((at) => at.slice(folder.length).replace(/^[\\/]+/, "")))}`,
      `Give the folder of one of them: ${found[0]}`,
    );
  return found[0];
}

/** The most folders that are looked into: an image folder has as many as there are classes. */
const mostFolders = 20;

function folders(folder: string): string[] {
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()))
    .map(({ name }) => join(folder, name));
  if (found.length > mostFolders) return [];
  return found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
}
