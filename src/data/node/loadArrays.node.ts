import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AttarError } from "../../engine/errors.ts";
import { type ArrayNaming, arrayNamings, type NamedArrays } from "../arrayNamings.ts";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import { datasetFromArrays } from "../datasetFromArrays.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { twinNames } from "../splitNames.ts";
import { testedOn } from "../splits/applySplits.ts";
import { openArrays } from "./arrayFile.node.ts";
import type { OpenArrays } from "./hdf5.node.ts";
import { labelsBeside } from "./labelsBeside.ts";

/** Which arrays are the images and labels, and the files that hold them. */
interface FoundArrays {
  readonly arrays: NamedArrays;
  readonly naming: ArrayNaming;
}

/**
 * Loads a file of named arrays. Labels may be in a file of their own (`x_train.npy`, `y_train.npy`), and the test split in that
 * of the file's name with test in the place of train.
 *
 * @throws AttarError "bad-data", "absent-package"
 */
export async function loadArrays(
  path: string,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
): Promise<Dataset> {
  const twin = options.test === undefined ? twinOf(path) : undefined;
  const plain: NormalisationKind | undefined = twin !== undefined && kind === "zca" ? "channel" : kind;
  const dataset = await withArrays(path, options, ({ arrays, naming }) =>
    datasetFromArrays(
      arrays,
      name,
      path,
      twin !== undefined && naming.testImages === undefined ? plain : kind,
      options,
      naming,
    ),
  );
  if (twin === undefined || dataset.reading?.testSplit !== "none") return dataset;
  const other = await otherSplit(twin, name, options);
  if (other !== undefined) return testedOn(dataset, other, kind);
  const note = `${basename(twin)} is left out: none of its arrays are images and labels`;
  return { ...dataset, reading: { ...dataset.reading, notes: [...dataset.reading.notes, note] } };
}

/** The split in a file beside the first; undefined where its images and labels are not found. */
async function otherSplit(twin: string, name: string, options: ReadOptions): Promise<Dataset | undefined> {
  const { train: _, testShare: __, ...rest } = options;
  try {
    await withArrays(twin, rest, async () => {});
  } catch (error) {
    if (error instanceof AttarError && error.code === "bad-data") return undefined;
    throw error;
  }
  return withArrays(twin, rest, ({ arrays, naming }) => datasetFromArrays(arrays, name, twin, "none", rest, naming));
}

const twinOf = (path: string): string | undefined =>
  twinNames(basename(path))
    .map((twin) => join(dirname(path), twin))
    .find((twin) => twin !== path && existsSync(twin));

/** Opens a file of arrays, with that of its labels where they are in another, and closes them when `use` is done. */
async function withArrays<T>(path: string, options: ReadOptions, use: (found: FoundArrays) => Promise<T>): Promise<T> {
  const first = await openArrays(path);
  const open: OpenArrays[] = [first];
  try {
    const candidates = labelsBeside(basename(path));
    const beside = candidates
      .map((file) => join(dirname(path), file))
      .find((file) => file !== path && existsSync(file));
    const single = [...first.keys()].length === 1;
    if (beside === undefined && single && candidates.length > 0) throw noLabels(path, first, candidates);
    if (beside === undefined || (!single && isNamed(first, path, options)))
      return await use({ arrays: first, naming: arrayNamings(first, path, options) });
    const second = await openArrays(beside);
    open.push(second);
    return await use(joined(first, second, path, beside, options));
  } finally {
    for (const arrays of open) arrays.close();
  }
}

function isNamed(arrays: NamedArrays, path: string, options: ReadOptions): boolean {
  try {
    arrayNamings(arrays, path, options);
    return true;
  } catch (error) {
    if (error instanceof AttarError) return false;
    throw error;
  }
}

/** The images of one file and the labels of another as arrays beside each other. */
function joined(
  first: NamedArrays,
  second: NamedArrays,
  path: string,
  beside: string,
  { images, label }: ReadOptions,
): FoundArrays {
  const one = (arrays: NamedArrays, given: string | undefined, where: string, what: string, option: string) => {
    const names = [...arrays.keys()];
    const found = names.length === 1 ? names[0] : names.find((name) => name === given || /^\/?(x|y|data)$/i.test(name));
    if (found !== undefined) return found;
    throw badData(
      where,
      `has the arrays ${names.slice(0, 8).join(", ") || "(none)"}, and which are the ${what} is not known`,
      `Name them: ${option} ${names[0] ?? "NAME"}`,
    );
  };
  const [x, y] = [one(first, images, path, "images", "--images"), one(second, label, beside, "labels", "--label")];
  const labels = y === x ? `${y} of ${basename(beside)}` : y;
  return {
    arrays: {
      format: `${first.format ?? "named arrays"}, images and labels in a file each`,
      keys: () => [x, labels],
      get: (name) => (name === labels ? second.get(y) : name === x ? first.get(x) : undefined),
    },
    naming: { images: x, labels, notes: [`the labels are those of ${basename(beside)}`] },
  };
}

function noLabels(path: string, arrays: NamedArrays, candidates: readonly string[]): AttarError {
  const [name = ""] = arrays.keys();
  const facts = arrays.about?.(name);
  return badData(
    path,
    `holds one array only, ${name}${facts ? ` [${facts.shape}] ${facts.type}` : ""}, and there is no file of its labels`,
    `Labels are looked for in ${candidates.join(", ")} beside it.`,
  );
}
