import type { AttarError } from "../engine/errors.ts";
import { badData } from "./badData.ts";
import type { NumericTensor } from "./formats/npy.ts";
import { listed } from "./reading.ts";
import type { ReadOptions } from "./readOptions.ts";

/** An array of texts, as class names and labels may be. */
export interface TextTensor {
  readonly shape: readonly number[];
  readonly texts: readonly string[];
}

export type StoredArray = NumericTensor | TextTensor;

/** Arrays by name, such as a map of them. `get` may throw where an array is of a kind that is not read. */
export interface NamedArrays {
  keys(): Iterable<string>;
  get(name: string): StoredArray | undefined;
}

/** The roles of a file's arrays. */
export interface ArrayNaming {
  readonly images: string;
  readonly labels: string;
  readonly testImages?: string;
  readonly testLabels?: string;
  readonly classNames?: string;
  readonly notes: readonly string[];
}

/** Names under which files keep images and labels of the training split, and what stands in them for the test split. */
const namings = [
  ["xtrain", "ytrain"],
  ["trainx", "trainy"],
  ["trainimages", "trainlabels"],
  ["trainimage", "trainlabel"],
  ["traindata", "trainlabels"],
  ["traindata", "traintargets"],
  ["trainfeatures", "trainlabels"],
  ["imagestrain", "labelstrain"],
  ["images", "labels"],
  ["image", "label"],
  ["x", "y"],
  ["data", "labels"],
  ["data", "label"],
  ["data", "target"],
  ["data", "targets"],
  ["features", "labels"],
] as const;
const classNameKeys = ["classnames", "labelnames", "targetnames", "classes", "categories"];
const plain = (name: string) => name.toLowerCase().replaceAll(/[_\-. /]/g, "");
const forSplit = (key: string, split: string) =>
  key.includes("train") ? key.replace("train", split) : key.length === 1 ? `${key}${split}` : `${split}${key}`;

/**
 * Finds the arrays of images and labels by their names, whatever their case and separators.
 *
 * @throws AttarError "bad-data" listing the arrays there are
 */
export function arrayNamings(arrays: NamedArrays, where: string, options: ReadOptions): ArrayNaming {
  const names = [...arrays.keys()];
  const find = (key: string) => names.find((name) => name === key) ?? names.find((name) => plain(name) === key);
  const classNames = classNameKeys.map(find).find((name) => name !== undefined);
  const shared = { ...(classNames !== undefined && { classNames }) };
  const said = { images: namedImages(options, names), labels: options.label };
  for (const name of [said.images, said.labels])
    if (name !== undefined && !names.includes(name))
      throw badData(where, `has no array "${name}", they are ${listed(names)}`, "Give one of these names.");
  const [train, named] = [options.train, options.test].map((word) => (word === undefined ? undefined : plain(word)));
  const tests = named === undefined ? ["test", "val", "valid", "validation"] : [named];
  for (const [x, y] of namings) {
    const trained = (key: string) => find(train === undefined ? key : forSplit(key, train));
    const [images, labels] = [said.images ?? trained(x), said.labels ?? trained(y)];
    if (images === undefined || labels === undefined) continue;
    const test = tests
      .map((split) => [find(forSplit(x, split)), find(forSplit(y, split))])
      .find(([tx, ty]) => tx !== undefined && ty !== undefined && tx !== images && ty !== labels);
    if (named !== undefined && !test) continue;
    const asUsual = train !== undefined || (plain(images) === x && plain(labels) === y);
    const notes = asUsual ? [] : [`images are ${images}, labels ${labels}`];
    return { images, labels, ...(test && { testImages: test[0], testLabels: test[1] }), ...shared, notes };
  }
  if (train !== undefined || named !== undefined) throw noSplits(where, names, options);
  const found = positional(arrays, names, said);
  if (found) return { ...found, ...shared };
  throw noImages(where, names);
}

/** The array that `--images` names, where it is no size. */
const namedImages = ({ images }: ReadOptions, names: readonly string[]): string | undefined =>
  images !== undefined && (names.includes(images) || !/^\d+x\d/i.test(images)) ? images : undefined;

/** `arr_0`, `arr_1`, …, as `numpy.savez(file, x, y)` names them: by how many images and labels there are. */
function positional(
  arrays: NamedArrays,
  names: readonly string[],
  said: { images?: string; labels?: string },
): ArrayNaming | undefined {
  if (said.images !== undefined && said.labels !== undefined)
    return { images: said.images, labels: said.labels, notes: [] };
  if (!names.includes("arr_0") || !names.includes("arr_1")) return undefined;
  const shape = (name: string) => (names.includes(name) ? arrays.get(name)!.shape : []);
  const [x = "", second = "", third = "", fourth = ""] = [0, 1, 2, 3].map((i) => `arr_${i}`);
  const all = names.includes(fourth);
  const crossed = all && shape(second).length === shape(x).length && shape(third)[0] === shape(x)[0];
  const [y, testX, testY] = crossed ? [third, second, fourth] : [second, third, fourth];
  const test = all ? { testImages: testX, testLabels: testY } : {};
  const tail = all ? `, of the test split ${testX} and ${testY}` : "";
  return { images: x, labels: y, ...test, notes: [`images are ${x}, labels ${y}${tail}: by their order and sizes`] };
}

function noSplits(where: string, names: readonly string[], { train, test }: ReadOptions): AttarError {
  const splits = [train, test].filter((word) => word !== undefined).map((word) => `"${word}"`);
  const words = splits.map((split) => split.slice(1, -1));
  return badData(
    where,
    `has the arrays ${names.slice(0, 8).join(", ") || "(none)"}, none of them images and labels of ${splits.join(" and ")}`,
    `Name them ${words.map((word) => `x_${word} and y_${word}`).join(", ")}; or --test PATH names a file of its own.`,
  );
}

function noImages(where: string, names: readonly string[]): AttarError {
  return badData(
    where,
    `has the arrays ${names.slice(0, 8).join(", ") || "(none)"}, none of them images and labels`,
    names.length > 1
      ? `Say which are which, for example --images ${names[0]} --label ${names[1]}; or name them x_train, y_train, x_test and y_test.`
      : "Name them images and labels, or x_train, y_train, x_test and y_test.",
  );
}
