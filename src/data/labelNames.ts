import { badData } from "./badData.ts";
import { listed } from "./reading.ts";

/** Most classes a dataset may have. */
export const maxClasses = 100_000;

/** Orders texts by code points, as Python and with it torchvision's ImageFolder and Hugging Face do: "10" before "2". */
export function byCodePoint(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Halves of characters beyond the basic plane come after all others of it. */
const rank = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

/** Sorts class names that are labels of rows: as numbers where all of them are, else as texts. */
export function sortedNames(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)];
  return distinct.every(isNumber)
    ? distinct.sort((a, b) => Number(a) - Number(b) || byCodePoint(a, b))
    : distinct.sort(byCodePoint);
}

/**
 * Integer labels of any numeric type as class indices.
 *
 * @throws AttarError "bad-data": a label that is negative, not an integer, or absurdly large
 */
export function integerLabels(values: ArrayLike<number | bigint>, where: string): Int32Array {
  const labels = new Int32Array(values.length);
  for (let i = 0; i < labels.length; i++) {
    const value = Number(values[i]);
    if (!(Number.isInteger(value) && value >= 0 && value < maxClasses))
      throw badData(where, `label ${i} is ${values[i]}, labels are integers from 0 to ${maxClasses - 1}`);
    labels[i] = value;
  }
  return labels;
}

/** Tells whether a label says that there is none: empty, a word for a missing value, or -1. */
export const isUnlabelled = (label: string): boolean => /^([+-]?nan|null|na|n\/a|none|\?|-1(\.0*)?)?$/i.test(label);

/** Labels of both splits as class indices. */
export interface IndexedLabels {
  readonly classes: readonly string[];
  readonly train: Int32Array;
  /** Undefined where there is no test split, or one without labels. */
  readonly test?: Int32Array;
  /** Rows of the test split that count; undefined for all of them. */
  readonly testRows?: readonly number[];
  readonly notes: readonly string[];
}

/** Labels as texts: numbers are the texts of numbers. */
type Labels = readonly string[];

/**
 * Finds the classes that the training split has and gives each label its index among them.
 *
 * A test split in which no row has a label (-1, as the hidden labels of a competition) is left out, and said to be.
 *
 * @throws AttarError "bad-data": a training row without a label, a test label that the training split does not have
 */
export function indexedLabels(train: Labels, test: Labels | undefined, where: string): IndexedLabels {
  const classes = sortedNames(train);
  if (classes.length > maxClasses)
    throw badData(
      where,
      `has ${classes.length} classes, at most ${maxClasses} are read`,
      "Check which are the labels.",
    );
  const numbered = classes.length > 1 && classes[0] === "-1" && !["1", "0,1"].includes(classes.slice(1).join());
  const missing = train.findIndex((label) => label === "" || (numbered && label === "-1"));
  if (missing >= 0)
    throw badData(
      where,
      `training label ${missing} is ${train[missing] === "" ? "missing" : "-1, which stands for none"}`,
      "Leave out the rows without a label.",
    );
  const index = new Map(classes.map((name, i) => [name, i]));
  const gaps = classes.every(isNumber) && classes.some((name, i) => Number(name) !== i);
  const notes = gaps ? [`the labels are ${listed(classes)}: classes 0 to ${classes.length - 1} in this order`] : [];
  const y = Int32Array.from(train, (label) => index.get(label)!);
  if (!test || test.length === 0) return { classes, train: y, notes };
  if (test.every((label) => isUnlabelled(label) && !index.has(label)))
    return { classes, train: y, notes: [...notes, "the test split has no labels and is left out"] };
  const strange = test.findIndex((label) => !index.has(label));
  if (strange >= 0)
    throw badData(
      where,
      `test label ${strange} is "${test[strange]}", a class the training split does not have`,
      "Leave out the test rows of classes that the training split does not have; --test none passes over the test split.",
    );
  return { classes, train: y, test: Int32Array.from(test, (label) => index.get(label)!), notes };
}

/**
 * Labels that are positions in a list of names. Names that no training label has are left out and said to be, with the test
 * rows that have them.
 *
 * @throws AttarError "bad-data": a label that is no position in the list
 */
export function indexedNames(
  train: ArrayLike<number>,
  test: ArrayLike<number> | undefined,
  names: readonly string[],
  where: string,
): IndexedLabels {
  const check = (labels: ArrayLike<number>, split: string) => {
    for (let i = 0; i < labels.length; i++)
      if (!(Number.isInteger(labels[i]) && labels[i]! >= 0 && labels[i]! < names.length))
        throw badData(
          where,
          `${split} label ${i} is ${labels[i]}, its ${names.length} classes are numbered from 0`,
          labels[i] === -1 ? "-1 stands for no label: leave out such rows." : "Check which are the labels.",
        );
  };
  check(train, "training");
  const used = new Uint8Array(names.length);
  for (let i = 0; i < train.length; i++) used[train[i]!] = 1;
  const place = new Map<number, number>();
  for (const [i, is] of used.entries()) if (is) place.set(i, place.size);
  const unused = names.filter((_, i) => !used[i]);
  const notes = unused.length > 0 ? [`classes without a training image are left out: ${listed(unused)}`] : [];
  const classes = names.filter((_, i) => used[i]);
  const y = Int32Array.from({ length: train.length }, (_, i) => place.get(train[i]!)!);
  if (!test || test.length === 0) return { classes, train: y, notes };
  const all = Array.from({ length: test.length }, (_, i) => i);
  if (all.every((i) => test[i] === -1))
    return { classes, train: y, notes: [...notes, "the test split has no labels (all are -1) and is left out"] };
  check(test, "test");
  const testRows = all.filter((i) => place.has(test[i]!));
  if (testRows.length < all.length)
    notes.push(`test images of these classes are left out: ${all.length - testRows.length}`);
  return {
    classes,
    train: y,
    ...(testRows.length > 0 && { test: Int32Array.from(testRows, (i) => place.get(test[i]!)!) }),
    ...(testRows.length < all.length && { testRows }),
    notes,
  };
}

/**
 * Whole numbers as the texts of labels.
 *
 * @throws AttarError "bad-data": a label that is no whole number, or absurdly large
 */
export function wholeLabels(values: ArrayLike<number | bigint>, where: string): string[] {
  const texts = new Map<number, string>();
  return Array.from({ length: values.length }, (_, i) => {
    const value = Number(values[i]);
    if (!Number.isSafeInteger(value))
      throw badData(
        where,
        `label ${i} is ${values[i]}, labels are whole numbers`,
        Number.isFinite(value)
          ? "Name the labels by --label, or predict numbers: --target values"
          : "Leave out the rows without a label, or name the labels by --label.",
      );
    const text = texts.get(value) ?? String(value);
    texts.set(value, text);
    return text;
  });
}

/**
 * Labels of a column as class indices: numbers where classes are named, else numbers or texts.
 *
 * @throws AttarError "bad-data" for a label that is no whole number
 */
export function cellLabels(
  train: readonly (number | string)[],
  test: readonly (number | string)[],
  names: readonly string[] | undefined,
  where: string,
): IndexedLabels {
  const numbers = (labels: readonly (number | string)[]) => labels.every((label) => typeof label === "number");
  if (names && numbers(train) && numbers(test))
    return indexedNames(train as readonly number[], test as readonly number[], names, where);
  const decimal = [...train, ...test].find((label) => typeof label === "number" && !Number.isInteger(label));
  if (decimal !== undefined)
    throw badData(
      where,
      `has the label ${decimal}, classes are whole numbers or texts`,
      "Check which column holds the classes.",
    );
  return indexedLabels(train.map(String), test.length > 0 ? test.map(String) : undefined, where);
}
