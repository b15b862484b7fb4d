import { AttarError } from "../engine/errors.ts";
import { size } from "../engine/tensor.ts";
import { arrayNamings, type NamedArrays, type StoredArray } from "./arrayNamings.ts";
import { badData } from "./badData.ts";
import type { Dataset, Split } from "./dataset.ts";
import { guessScale, type ImageArray, imagesOfArray, rangeOfBoth } from "./imageArrays.ts";
import { indexedLabels, indexedNames, wholeLabels } from "./labelNames.ts";
import { makeDataset, type NormalisationKind } from "./makeDataset.ts";
import type { ReadOptions } from "./readOptions.ts";
import { rowsOf } from "./rowsOf.ts";

/**
 * A dataset from named arrays, as .npz and .safetensors hold them: `x_train`, `y_train`, `x_test`, `y_test` in any case, or
 * `train_images` …, or `images` and `labels`; the test split may be missing. Arrays of other names are not looked at. Labels
 * are whole numbers, texts, or one-hot rows; `class_names` (or `classes`) names them.
 *
 * @param arrays arrays by name; one that cannot be read throws when it is asked for
 * @param options `label` names the array of labels, `images` that of the images or the size of a picture in a row
 * @throws AttarError "bad-data"
 */
export async function datasetFromArrays(
  arrays: NamedArrays,
  name: string,
  where: string,
  kind?: NormalisationKind,
  options: ReadOptions = {},
): Promise<Dataset> {
  const naming = arrayNamings(arrays, where, options);
  const { images: x, labels: y, testImages, testLabels } = naming;
  const train = readSplit(arrays, x, y, where, options);
  const test = testImages && testLabels ? readSplit(arrays, testImages, testLabels, where, options) : undefined;
  if (test && test.shape.join() !== train.shape.join())
    throw badData(
      where,
      `test images are [${test.shape}], training images [${train.shape}]`,
      "Store both splits in one shape.",
    );
  const mixed = test !== undefined && test.images.constructor !== train.images.constructor;
  const names = classNamesOf(arrays, naming.classNames);
  const numbers = names && train.labels.every((text) => /^\d+$/.test(text)) ? train.labels.map(Number) : undefined;
  const indexed =
    names && numbers && Math.max(...new Set(numbers)) < names.length
      ? indexedNames(numbers, test?.labels.map(Number), names, where)
      : indexedLabels(train.labels, test?.labels, where);
  const split = (part: Read, labels: Int32Array, rows?: readonly number[]): Split => ({
    images: rowsOf(mixed ? Float32Array.from(part.images) : part.images, size(train.shape), rows),
    labels,
  });
  const [, height, width] = train.shape;
  return makeDataset(
    {
      name,
      shape: train.shape,
      classes: indexed.classes,
      train: split(train, indexed.train),
      ...(test && indexed.test && { test: split(test, indexed.test, indexed.testRows) }),
      scale: height * width > 1 ? guessScale(rangeOfBoth(train.range, test?.range)) : 1,
      source: where,
      reading: {
        format: "named arrays",
        labels: `the array ${y}${train.oneHot ? ", one-hot" : ""}`,
        testSplit: test && indexed.test ? `the arrays ${testImages} and ${testLabels}` : "none",
        notes: [...naming.notes, ...train.notes, ...indexed.notes],
        options,
      },
    },
    kind,
  );
}

type Read = ImageArray & { readonly labels: readonly string[]; readonly oneHot: boolean; readonly notes: string[] };

function readSplit(arrays: NamedArrays, x: string, y: string, where: string, options: ReadOptions): Read {
  const images = arrays.get(x)!;
  const labels = arrays.get(y)!;
  if (isTexts(images))
    throw badData(`${where} (${x})`, "holds texts, not images", "Name the array of the images: --images NAME");
  const rows = options.images === x ? { table: options.table } : options;
  const read = imagesOfArray(images, `${where} (${x})`, rows);
  if (images.shape[0] !== labels.shape[0])
    throw badData(
      where,
      `${x} holds ${images.shape[0]} images, ${y} ${labels.shape[0]} labels`,
      "Store a label for each image.",
    );
  const { texts, oneHot } = labelTexts(labels, `${where} (${y})`);
  const notes = [...(read.note ? [read.note] : []), ...(oneHot ? [`${y} is one-hot`] : [])];
  return { ...read, labels: texts, oneHot, notes };
}

const isTexts = (array: StoredArray): array is Extract<StoredArray, { texts: readonly string[] }> => "texts" in array;

/** The names of the classes, where an array holds them that can be read. */
function classNamesOf(arrays: NamedArrays, name: string | undefined): readonly string[] | undefined {
  try {
    const array = name === undefined ? undefined : arrays.get(name);
    return array && isTexts(array) ? array.texts : undefined;
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}

/** Labels [n], [n, 1] or one-hot [n, classes] as texts. */
function labelTexts(array: StoredArray, where: string): { texts: readonly string[]; oneHot: boolean } {
  const [n = 0, ...rest] = array.shape;
  const each = rest.reduce((product, d) => product * d, 1);
  if (array.shape.length >= 1 && each === 1)
    return { texts: isTexts(array) ? array.texts : wholeLabels(array.data, where), oneHot: false };
  if (array.shape.length !== 2 || isTexts(array))
    throw badData(
      where,
      `labels of shape [${array.shape}] are not understood, expected [n] or one-hot [n,classes]`,
      "Name the array of the labels: --label NAME",
    );
  const places: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: each }, (_, c) => Number(array.data[i * each + c]));
    const hot = row.indexOf(1);
    if (hot < 0 || row.some((v, c) => v !== (c === hot ? 1 : 0)))
      throw badData(
        where,
        `row ${i} of the labels [${array.shape}] is not one-hot: soft and multiple labels are not read`,
        "Store the class of each image as a whole number, for example numpy.argmax(labels, axis=1).",
      );
    places.push(hot);
  }
  return { texts: wholeLabels(places, where), oneHot: true };
}
