import { join } from "node:path";
import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import { splitNamed } from "../splitNames.ts";
import { contentOf } from "./folderFiles.node.ts";

/** The folders of an image dataset by split. */
export interface SplitFolders {
  /** The folder that holds the class folders. */
  readonly train: string;
  /** Folders that may be the test split, likeliest first. */
  readonly tests: readonly string[];
  readonly notes: readonly string[];
}

/** The number of folders around the dataset that are opened, as archives have them. */
const mostAround = 3;

/**
 * Finds the splits of a folder of images: `train` with `test` or `val` beside it, in any spelling; else the folder itself is
 * the training split. A folder that holds one folder alone stands for that.
 *
 * @throws AttarError "bad-data" where there are test splits and no training split
 */
export async function splitFolders(folder: string, around = 0): Promise<SplitFolders> {
  const { folders, files } = await contentOf(folder);
  const named = await splitsAmong(folder, folders);
  const of = (kind: string) => folders.filter((name) => named.get(name) === kind);
  const [train, ...more] = of("train");
  if (train !== undefined) {
    const tests = [...of("test"), ...of("validation")];
    const rest = [...more, ...folders.filter((name) => splitNamed(name) === undefined)];
    const notes = rest.length > 0 ? [`left out beside the folder ${train}: ${listed(rest)}`] : [];
    return { train: join(folder, train), tests: tests.map((name) => join(folder, name)), notes };
  }
  if (folders.length > 0 && folders.every((name) => named.has(name)))
    throw badData(
      folder,
      `has the folders ${listed(folders)} and no training split`,
      "Name the folder of the training split train, with a folder for each class in it.",
    );
  const [only] = folders;
  if (only !== undefined && folders.length === 1 && !files.some(isPng) && around < mostAround) {
    const inner = join(folder, only);
    if ((await contentOf(inner)).folders.length > 1) {
      const found = await splitFolders(inner, around + 1);
      return { ...found, notes: [`the dataset is the folder ${only} inside`, ...found.notes] };
    }
  }
  return { train: folder, tests: [], notes: [] };
}

/** The split that each name stands for. A folder of images alone is a class, even if it is called train, as railway trains are. */
async function splitsAmong(folder: string, names: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of names) {
    const kind = splitNamed(name);
    if (kind) found.set(name, kind);
  }
  for (const [name, kind] of found)
    if (kind === "train" && (await contentOf(join(folder, name))).folders.length === 0) found.delete(name);
  const train = [...found.values()].includes("train");
  if (!train)
    for (const name of found.keys()) if ((await contentOf(join(folder, name))).folders.length === 0) found.delete(name);
  return found;
}

export const isPng = (file: string): boolean => /\.png$/i.test(file);
