import { badData } from "./badData.ts";

/** Most classes a dataset may have. */
export const maxClasses = 100_000;

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts class names: numerically where all are integers, else by code unit, as the field's folder readers do. */
export function sortedNames(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)];
  return distinct.every((name) => /^[+-]?\d{1,15}$/.test(name))
    ? distinct.sort((a, b) => Number(a) - Number(b))
    : distinct.sort(byCodeUnit);
}

/** Turns label texts into class indices, given the classes in order. */
export function indexLabels(texts: readonly string[], classes: readonly string[], where: string): Int32Array {
  const index = new Map(classes.map((name, i) => [name, i]));
  return Int32Array.from(texts, (text, i) => {
    const found = index.get(text);
    if (found === undefined) throw badData(where, `label ${i} is "${text}", a class the training split does not have`);
    return found;
  });
}

/**
 * Integer labels of any numeric type as class indices; the classes are 0 … the largest.
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

/** "0" … for integer labels without names. */
export function numberedClasses(...splits: readonly Int32Array[]): string[] {
  let largest = -1;
  for (const labels of splits) for (const label of labels) if (label > largest) largest = label;
  return Array.from({ length: largest + 1 }, (_, i) => String(i));
}
