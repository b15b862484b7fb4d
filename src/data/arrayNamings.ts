import { AttarError } from "../engine/errors.ts";
import { shellWord } from "../engine/shellWord.ts";
import { badData } from "./badData.ts";
import type { NumericTensor } from "./formats/npy.ts";
import type { ReadOptions } from "./readOptions.ts";

/** An array of texts, as class names and labels may be. */
export interface TextTensor {
  readonly shape: readonly number[];
  readonly texts: readonly string[];
}

export type StoredArray = (NumericTensor & { readonly columnMajor?: boolean }) | TextTensor;

/** What is known of an array before it is read. */
export interface ArrayFacts {
  readonly shape: readonly number[];
  /** The kind of its elements, in the words of the file's format. */
  readonly type: string;
}

/** Arrays by name, such as a map of them. `get` may throw where an array is of a kind that is not read. */
export interface NamedArrays {
  /** The file's format in words, where there is more to say than that arrays have names. */
  readonly format?: string;
  keys(): Iterable<string>;
  get(name: string): StoredArray | undefined;
  /** What is known of an array without reading it. */
  about?(name: string): ArrayFacts | undefined;
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
  ["trainsetx", "trainsety"],
  ["trainimages", "trainlabels"],
  ["trainimage", "trainlabel"],
  ["traindata", "trainlabels"],
  ["traindata", "trainlabel"],
  ["traindata", "traintargets"],
  ["traindata", "traintarget"],
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
  ["fea", "gnd"],
] as const;
const classNameKeys = ["classnames", "labelnames", "targetnames", "classes", "listclasses", "categories"];
const testWords = ["test", "val", "valid", "validation"];
const plain = (name: string) => name.toLowerCase().replaceAll(/[_\-. /]/g, "");
const forSplit = (key: string, split: string) =>
  key.includes("train") ? key.replace("train", split) : key.length === 1 ? `${key}${split}` : `${split}${key}`;

/** The name among `names` that a key stands for: itself, whatever its case and separators, or the end of one path alone. */
function found(key: string, names: readonly string[]): string | undefined {
  const whole = names.find((name) => name === key) ?? names.find((name) => plain(name) === key);
  if (whole !== undefined) return whole;
  const ends = names.filter((name) => {
    const parts = name.split("/");
    return parts.some((_, i) => i > 0 && plain(parts.slice(i).join("/")) === key);
  });
  return ends.length === 1 ? ends[0] : undefined;
}

/**
 * Finds the arrays of images and labels by their names, whatever their case and separators; of paths, as HDF5 has them, their
 * ends may do. A file that holds a test split alone has its arrays under that split's names.
 *
 * @throws AttarError "bad-data" listing the arrays there are
 */
export function arrayNamings(arrays: NamedArrays, where: string, options: ReadOptions): ArrayNaming {
  const names = [...arrays.keys()];
  const find = (key: string) => found(key, names);
  const classNames = classNameKeys.map(find).find((name) => name !== undefined);
  const shared = { ...(classNames !== undefined && { classNames }) };
  const said = {
    images: named(namedImages(options), names, arrays, where),
    labels: named(options.label, names, arrays, where),
  };
  const [train, word] = [options.train, options.test].map((word) => (word === undefined ? undefined : plain(word)));
  const tests = word === undefined ? testWords : [word];
  for (const [x, y] of namings) {
    const trained = (key: string) => find(train === undefined ? key : forSplit(key, train));
    const [images, labels] = [said.images ?? trained(x), said.labels ?? trained(y)];
    if (images === undefined || labels === undefined || images === labels) continue;
    const test = tests
      .map((split) => [find(forSplit(x, split)), find(forSplit(y, split))])
      .find(([tx, ty]) => tx !== undefined && ty !== undefined && tx !== images && ty !== labels);
    if (word !== undefined && !test) continue;
    const asUsual = train !== undefined || (plain(images) === x && plain(labels) === y);
    const notes = asUsual ? [] : [`images are ${images}, labels ${labels}`];
    return { images, labels, ...(test && { testImages: test[0], testLabels: test[1] }), ...shared, notes };
  }
  if (train !== undefined || word !== undefined) throw noSplits(where, arrays, options);
  const other = positional(arrays, names, said) ?? ofAnotherSplit(find);
  if (other) return { ...other, ...shared };
  throw noImages(where, arrays, options);
}

/** The array that `--images` names, where it is no size. */
const namedImages = ({ images }: ReadOptions): string | undefined =>
  images !== undefined && !/^\d+x\d/i.test(images) ? images : undefined;

/**
 * The array of a name that a person gave: as it is, with or without the "/" that paths begin with, or with the word of a test split in
 * the place of "train", for the file of that split.
 *
 * @throws AttarError "bad-data" listing the arrays there are
 */
function named(
  given: string | undefined,
  names: readonly string[],
  arrays: NamedArrays,
  where: string,
): string | undefined {
  if (given === undefined) return undefined;
  const bare = given.replace(/^\//, "");
  const twins = testWords.map((word) => bare.replace(/train/i, word));
  const name = [given, bare, ...twins].find((one) => names.includes(one));
  if (name !== undefined) return name;
  throw badData(where, `has no array "${given}", they are ${described(arrays)}`, "Give one of these names.");
}

/** The images and labels of a file that holds one split alone, of another name than train. */
function ofAnotherSplit(find: (key: string) => string | undefined): ArrayNaming | undefined {
  for (const split of testWords)
    for (const [x, y] of namings) {
      const [images, labels] = [find(forSplit(x, split)), find(forSplit(y, split))];
      if (images !== undefined && labels !== undefined)
        return { images, labels, notes: [`images are ${images}, labels ${labels}: the only split there is`] };
    }
  return undefined;
}

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

function noSplits(where: string, arrays: NamedArrays, { train, test }: ReadOptions): AttarError {
  const words = [train, test].filter((word) => word !== undefined);
  return badData(
    where,
    `has the arrays ${described(arrays)}, none of them images and labels of ${words.map((word) => `"${word}"`).join(" and ")}`,
    `Name them ${words.map((word) => `x_${word} and y_${word}`).join(", ")}; or --test PATH names a file of its own.`,
  );
}

function noImages(where: string, arrays: NamedArrays, options: ReadOptions): AttarError {
  const names = [...arrays.keys()];
  const { images = names[0], labels = names[1] } = likely(arrays, options);
  return badData(
    where,
    `has the arrays ${described(arrays)}, none of them images and labels by its name`,
    names.length > 1
      ? `Say which are which, for example: attar data info ${shellWord(where)} --images ${shellWord(images!)} --label ${shellWord(labels!)}`
      : "Name them images and labels, or x_train, y_train, x_test and y_test.",
  );
}

/** The largest array, and the smallest that has as many samples. */
function likely(arrays: NamedArrays, options: ReadOptions): { readonly images?: string; readonly labels?: string } {
  const facts = [...arrays.keys()].flatMap((name) => {
    const shape = shapeOf(arrays, name);
    return shape ? [{ name, shape, count: shape.reduce((product, d) => product * d, 1) }] : [];
  });
  const bySize = facts.sort((a, b) => b.count - a.count);
  const [first] = bySize;
  const images = bySize.find(({ name }) => name === namedImages(options)) ?? first;
  if (!images) return {};
  const ends = [images.shape[0], images.shape.at(-1)];
  const labels = bySize.findLast(({ name, shape }) => name !== images.name && shape.some((d) => ends.includes(d)));
  return { images: images.name, ...((options.label ?? labels?.name) && { labels: options.label ?? labels?.name }) };
}

function shapeOf(arrays: NamedArrays, name: string): readonly number[] | undefined {
  if (arrays.about) return arrays.about(name)?.shape;
  try {
    return arrays.get(name)?.shape;
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}

/** The arrays by name, with shape and type where they are known; at most eight of them. */
function described(arrays: NamedArrays): string {
  const names = [...arrays.keys()];
  const shown = names.slice(0, 8).map((name) => {
    const facts = arrays.about?.(name);
    return facts ? `${name} [${facts.shape}] ${facts.type}` : name;
  });
  return `${shown.join(", ") || "(none)"}${names.length > 8 ? ` and ${names.length - 8} more` : ""}`;
}
