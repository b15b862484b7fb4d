import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { holdOut, testedOn, untested } from "../splits/applySplits.ts";
import { heldOutText } from "../splits/heldOut.ts";
import { noTest, type SplitOptions } from "../splits/splitOptions.ts";
import { arrayFile } from "./arrayFile.node.ts";
import { isTableAt } from "./fileSource.node.ts";
import type { ImageLoading } from "./images/packSplit.node.ts";
import { datasetName, loadPath } from "./loadPath.node.ts";

/**
 * Loads the dataset that a file or folder holds, with the splits that a person names: a training split inside of a folder, a
 * test split at a path, or a share of the training split that is held out.
 *
 * @throws AttarError as `loadPath`; "absent-file" for a split that is not there, "bad-option" for a share where there is a
 * test split already
 */
export async function loadWithSplits(
  path: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
  loading: ImageLoading = {},
): Promise<Dataset> {
  const { train, test, testShare, ...rest } = options;
  if (train === undefined && test === undefined && testShare === undefined)
    return loadPath(path, kind, options, loading);
  const arrays = arrayFile.test(path);
  const from = train === undefined || arrays ? path : trainingPath(path, train);
  const asPath = test !== undefined && test !== noTest && !(arrays && !existsSync(test));
  const beside = asPath ? testPath(path, from, test) : undefined;
  const table = !arrays && (await isTableAt(from));
  const named: SplitOptions = arrays
    ? { train, test: asPath || test === noTest ? undefined : test }
    : table
      ? { test: beside ?? test, testShare }
      : {};
  const later = testShare !== undefined || (beside !== undefined && named.test === undefined) || test === noTest;
  const plain: NormalisationKind | undefined = later && !table && kind === "zca" ? "channel" : kind;
  const loaded = await loadPath(from, plain, { ...rest, ...defined(named) }, loading);
  const told = async (): Promise<Dataset> => {
    // A table with categories or missing values is split before anything is fitted.
    if (testShare !== undefined && loaded.reading?.testSplit === heldOutText(testShare)) return loaded;
    if (testShare !== undefined)
      return holdOut(test === noTest ? await without(loaded, plain) : loaded, testShare, kind);
    if (test === noTest) return without(loaded, kind);
    if (beside === undefined || named.test !== undefined) return loaded;
    return testedOn(loaded, await loadPath(beside, "none", rest, loading), kind);
  };
  const dataset = await told();
  const name = from === path ? dataset.name : datasetName(path);
  const { reading } = dataset;
  return { ...dataset, name, ...(reading && { reading: { ...reading, options } }) };
}

const without = async (dataset: Dataset, kind: NormalisationKind | undefined): Promise<Dataset> =>
  dataset.test.labels.length > 0 ? untested(dataset, kind) : dataset;

const defined = ({ train, test, testShare }: SplitOptions): SplitOptions => ({
  ...(testShare !== undefined && { testShare }),
  ...(train !== undefined && { train }),
  ...(test !== undefined && { test }),
});

function trainingPath(path: string, train: string): string {
  const inside = join(path, train);
  if (statSync(path).isDirectory() && existsSync(inside)) return inside;
  throw badData(
    path,
    statSync(path).isDirectory()
      ? `has no folder or file "${train}" to train on`
      : `is one file, and --train names a split inside of a folder or among named arrays`,
    "Give the path of the training split itself, and leave --train out.",
  );
}

/** The path of a test split: inside of the folder that is given, beside the training split, or as it stands. */
function testPath(path: string, from: string, test: string): string {
  const places = [...(statSync(path).isDirectory() ? [join(path, test)] : []), test, join(dirname(from), test)];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw badData(
    path,
    `there is no ${places.join(" or ")} to test on`,
    "Give the path of the test split, or hold out a share: --test-share 0.2",
  );
}
