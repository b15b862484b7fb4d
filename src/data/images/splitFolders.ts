import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import { splitNamed } from "../splitNames.ts";
import { below, type Folder } from "./fileTree.ts";
import { isImageName } from "./imageKind.ts";
import { isMetadata } from "./metadataName.ts";

/** A folder with its path from the root. */
export interface PlacedFolder {
  readonly path: string;
  readonly folder: Folder;
}

/** The folders of an image dataset by split. */
export interface SplitFolders {
  /** The folder that holds the class folders. */
  readonly train: PlacedFolder;
  /** Folders that may be the test split, likeliest first. */
  readonly tests: readonly PlacedFolder[];
  readonly notes: readonly string[];
}

/** The number of folders around the dataset that are opened, as archives have them. */
const mostAround = 3;

/**
 * Finds the splits of a folder of images: `train` with `test` or `val` beside it, in any spelling; else the folder itself is
 * the training split. A folder that holds one folder alone stands for that.
 *
 * @param name the root's, for messages
 * @throws AttarError "bad-data" where there are test splits and no training split
 */
export function splitFolders(root: PlacedFolder, name: string, around = 0): SplitFolders {
  const { folder, path } = root;
  const names = [...folder.folders.keys()];
  const named = splitsAmong(folder);
  const of = (kind: string) => names.filter((one) => named.get(one) === kind);
  const placed = (inside: string) => ({ path: below(path, inside), folder: folder.folders.get(inside)! });
  const [train, ...more] = of("train");
  if (train !== undefined) {
    const tests = [...of("test"), ...of("validation")];
    const rest = [...more, ...names.filter((one) => splitNamed(one) === undefined)];
    const notes = rest.length > 0 ? [`left out beside the folder ${train}: ${listed(rest)}`] : [];
    return { train: placed(train), tests: tests.map(placed), notes };
  }
  if (names.length > 0 && names.every((one) => named.has(one)))
    throw badData(
      name,
      `has the folders ${listed(names)} and no training split`,
      "Name the folder of the training split train, with a folder for each class in it.",
    );
  const [only] = names;
  if (only !== undefined && names.length === 1 && !folder.files.some(isImageName) && around < mostAround) {
    const inner = placed(only);
    if (inner.folder.folders.size > 1 || hasSplits(inner.folder)) {
      const found = splitFolders(inner, name, around + 1);
      return { ...found, notes: [`the dataset is the folder ${only} inside`, ...found.notes] };
    }
  }
  return { train: root, tests: [], notes: [] };
}

const hasSplits = (folder: Folder) => [...splitsAmong(folder).values()].includes("train");

/**
 * The split that each name stands for. A folder of images alone is a class, even if it is called train, as railway trains are;
 * unless a list says what they are.
 */
function splitsAmong({ folders, files }: Folder): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of folders.keys()) {
    const kind = splitNamed(name);
    if (kind) found.set(name, kind);
  }
  const isListed = files.some(isMetadata);
  const flat = (name: string) => {
    const inside = folders.get(name)!;
    return inside.folders.size === 0 && !isListed && !inside.files.some(isMetadata);
  };
  for (const [name, kind] of found) if (kind === "train" && flat(name)) found.delete(name);
  if (![...found.values()].includes("train")) for (const name of found.keys()) if (flat(name)) found.delete(name);
  return found;
}
