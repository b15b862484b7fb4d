import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import { type SplitKind, splitNamed } from "../splitNames.ts";

/** The depth below a dataset's folder at which its Parquet files may lie: default/train/0000.parquet lies two deep. */
const deepest = 4;

/** The Parquet files of one configuration, by split. */
export type ParquetFiles = Readonly<Record<SplitKind, readonly string[]>>;

interface Found {
  readonly path: string;
  /** Names of the folders between the dataset's and the file. */
  readonly folders: readonly string[];
  readonly file: string;
}

/** Tells whether a folder holds Parquet files, itself or in folders of splits and configurations. */
export async function holdsParquet(folder: string): Promise<boolean> {
  return (await below(folder)).length > 0;
}

/**
 * The Parquet files of a folder, in the layouts that Hugging Face writes: `train-00000-of-00001.parquet` or
 * `train/0000.parquet`, directly, under `data/`, or under a configuration's folder.
 *
 * @throws AttarError "bad-data" where there are several configurations, or no training split
 */
export async function parquetFiles(folder: string): Promise<ParquetFiles> {
  const files = await below(folder);
  const configurations = new Map<string, Found[]>();
  for (const file of files) {
    const key = file.folders.filter((name) => name !== "data" && !splitOf(name)).join("/");
    configurations.set(key, [...(configurations.get(key) ?? []), file]);
  }
  const chosen = configurations.get("") ?? configurations.get("default") ?? [...configurations.values()][0] ?? [];
  if (!configurations.has("") && !configurations.has("default") && configurations.size > 1)
    throw badData(
      folder,
      `holds ${configurations.size} configurations: ${listed([...configurations.keys()])}`,
      `Give the folder of one of them: ${join(folder, [...configurations.keys()].sort()[0]!)}`,
    );
  const of = (kind: SplitKind) => chosen.filter((file) => kindOf(file) === kind).map(({ path }) => path);
  const train = of("train");
  if (train.length > 0) return { train, test: of("test"), validation: of("validation") };
  if (chosen.length === 1) return { train: [chosen[0]!.path], test: [], validation: [] };
  throw badData(
    folder,
    `has ${chosen.length} Parquet files, none of them named as the training split`,
    "Name them train-*.parquet and test-*.parquet, or put them into folders train and test.",
  );
}

/** A file's split, by its own name or that of the nearest folder. */
function kindOf({ file, folders }: Found): SplitKind | undefined {
  return [file, ...folders.toReversed()].map(splitOf).find((kind) => kind !== undefined);
}

/** The split that a word in a name stands for: "train-00000-of-00001.parquet", "partial-train". */
function splitOf(name: string): SplitKind | undefined {
  const words = name.replace(/\.parquet$/i, "").split(/[-_.\d]+/);
  return words.map(splitNamed).find((kind) => kind !== undefined);
}

async function below(folder: string, folders: readonly string[] = []): Promise<Found[]> {
  const out: Found[] = [];
  const inside = await readdir(folder, { withFileTypes: true });
  for (const entry of inside.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (folders.length < deepest) out.push(...(await below(path, [...folders, entry.name])));
    } else if (/\.parquet$/i.test(entry.name)) out.push({ path, folders, file: entry.name });
  }
  return out;
}
