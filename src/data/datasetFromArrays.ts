import { AttarError } from "../engine/errors.ts";
import { size } from "../engine/tensor.ts";
import { type ArrayNaming, arrayNamings, type NamedArrays, type StoredArray } from "./arrayNamings.ts";
import { badData } from "./badData.ts";
import type { Dataset, Split } from "./dataset.ts";
import { domainAs } from "./domain.ts";
import { type ImageArray, imagesOfArray, rangeOfBoth, storedScale } from "./imageArrays.ts";
import { indexedLabels, indexedNames, wholeLabels } from "./labelNames.ts";
import { makeDataset, type NormalisationKind } from "./makeDataset.ts";
import { type ReadOptions, refuseOptions } from "./readOptions.ts";
import { rowsOf } from "./rowsOf.ts";
import { isTexts, labelsFirst, samplesFirst } from "./samplesFirst.ts";
import { arrayColumns, imputedArrays, isLacking } from "./table/arrayColumns.ts";
import { binNote, targetOfValues, type ValuesTarget } from "./valuesTarget.ts";

/**
 * A dataset from named arrays, as .npz and .safetensors hold them: `x_train`, `y_train`, `x_test`, `y_test` in any case, or
 * `train_images` …, or `images` and `labels`; the test split may be missing. Arrays of other names are not looked at. Labels
 * are whole numbers, texts, or one-hot rows; `class_names` (or `classes`) names them. With `target: "values"` they are numbers
 * to predict, [n] or [n, k].
 *
 * @param arrays arrays by name; one that cannot be read throws when it is asked for
 * @param options `label` names the array of labels, `images` that of the images or the size of a picture in a row
 * @param naming which arrays are which, where it is known
 * @throws AttarError "bad-data"
 */
export async function datasetFromArrays(
  arrays: NamedArrays,
  name: string,
  where: string,
  kind?: NormalisationKind,
  options: ReadOptions = {},
  naming: ArrayNaming = arrayNamings(arrays, where, options),
): Promise<Dataset> {
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
  const { classes, target, notes, ...told } =
    options.target === "values"
      ? predicted(arrays, naming, where, options)
      : labelled(train.labels, test?.labels, classNamesOf(arrays, naming.classNames), where);
  const images = (part: Read, rows?: readonly number[]) =>
    rowsOf(mixed ? Float32Array.from(part.images) : part.images, size(train.shape), rows);
  const [, height, width] = train.shape;
  const pictures = height * width > 1 && options.domain !== "series";
  if (!pictures) refuseOptions(where, "what is no picture", { scale: options.scale });
  const { scale, note } = pictures ? storedScale(rangeOfBoth(train.range, test?.range), options) : { scale: 1 };
  const own = {
    train: images(train),
    ...(test && told.test && { test: images(test, told.testRows) }),
  };
  const columns = arrayColumns(arrays, train.shape[0], target?.names ?? [y]);
  const asTable = !pictures && options.domain === undefined;
  const made = asTable && isLacking(own) ? imputedArrays(own, columns) : undefined;
  const { shape = train.shape } = made ?? {};
  return makeDataset(
    {
      name,
      domain: domainAs(options.domain, shape),
      shape,
      classes,
      ...(target && { target }),
      ...(made ? { table: made.preparation, mean: made.mean, std: made.std } : asTable && { columns }),
      train: { images: made?.train ?? own.train, ...told.train },
      ...(own.test && told.test && { test: { images: made?.test ?? own.test, ...told.test } }),
      scale,
      source: where,
      reading: {
        format: arrays.format ?? "named arrays",
        labels: `the array ${y}${train.oneHot ? ", one-hot" : ""}`,
        testSplit: test && told.test ? `the arrays ${testImages} and ${testLabels}` : "none",
        notes: [...naming.notes, ...train.notes, ...(note ? [note] : []), ...notes, ...(made?.notes ?? [])],
        options,
      },
    },
    kind,
  );
}

/** The labels, or the numbers to predict, as a dataset has them. */
interface Told {
  readonly classes: readonly string[];
  readonly target?: ValuesTarget;
  readonly train: Omit<Split, "images">;
  readonly test?: Omit<Split, "images">;
  /** Rows of the test split that count; undefined for all of them. */
  readonly testRows?: readonly number[];
  readonly notes: readonly string[];
}

function labelled(
  train: readonly string[],
  test: readonly string[] | undefined,
  names: readonly string[] | undefined,
  where: string,
): Told {
  const numbers = names && train.every((text) => /^\d+$/.test(text)) ? train.map(Number) : undefined;
  const indexed =
    names && numbers && Math.max(...new Set(numbers)) < names.length
      ? indexedNames(numbers, test?.map(Number), names, where)
      : indexedLabels(train, test, where);
  const { classes, test: held, testRows, notes } = indexed;
  return {
    classes,
    train: { labels: indexed.train },
    ...(held && { test: { labels: held } }),
    ...(testRows && { testRows }),
    notes,
  };
}

/** Arrays [n] or [n, k] of numbers to predict. */
function predicted(
  arrays: NamedArrays,
  { images, labels: y, testImages, testLabels }: ArrayNaming,
  where: string,
  { bins }: ReadOptions,
): Told {
  const numbersOf = (name: string, images: string): { values: ArrayLike<number>; k: number } => {
    const array = labelsFirst(arrays.get(name)!, arrays.get(images)!);
    const [, k = 1, ...more] = array.shape;
    if (isTexts(array) || more.length > 0)
      throw badData(
        `${where} (${name})`,
        `${isTexts(array) ? "texts" : `numbers of shape [${array.shape}]`} cannot be predicted, expected numbers [n] or [n,k]`,
        "Name the array of the numbers: --label NAME",
      );
    return { values: Float64Array.from({ length: array.data.length }, (_, i) => Number(array.data[i])), k };
  };
  const train = numbersOf(y, images);
  const test = testImages && testLabels ? numbersOf(testLabels, testImages) : undefined;
  if (test && test.k !== train.k)
    throw badData(where, `${y} has ${train.k} numbers a sample, ${testLabels} ${test.k}`, "Store both splits alike.");
  const names = train.k === 1 ? [y] : Array.from({ length: train.k }, (_, i) => `${y} ${i + 1}`);
  const raw = { names, train: train.values, ...(test && { test: test.values }), ...(bins !== undefined && { bins }) };
  const made = targetOfValues(raw, where);
  return { ...made, notes: [binNote(made.classes)] };
}

type Read = ImageArray & { readonly labels: readonly string[]; readonly oneHot: boolean; readonly notes: string[] };

function readSplit(arrays: NamedArrays, x: string, y: string, where: string, options: ReadOptions): Read {
  const images = arrays.get(x)!;
  if (isTexts(images))
    throw badData(`${where} (${x})`, "holds texts, not images", "Name the array of the images: --images NAME");
  const labels = labelsFirst(arrays.get(y)!, images);
  const rows = options.images === x ? { table: options.table, domain: options.domain } : options;
  const own = samplesFirst(images, labels.shape[0] ?? 1, { images: x, labels: y, where });
  const read = imagesOfArray(own, `${where} (${x})`, rows);
  const { texts, oneHot } =
    options.target === "values" ? { texts: [], oneHot: false } : labelTexts(labels, `${where} (${y})`);
  const notes = [own.note, read.note].filter((note) => note !== undefined).concat(oneHot ? [`${y} is one-hot`] : []);
  return { ...read, labels: texts, oneHot, notes };
}

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
