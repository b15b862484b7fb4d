import { badData } from "../../data/badData.ts";
import { text } from "../../engine/index.ts";
import type { ForeignTensors } from "./foreignTensors.ts";

/** Whole numbers joined by dashes: `512-256-128-64`. */
export const listOf = (value: string, meaning: string) =>
  text(value, "whole numbers joined by dashes", (given) => /^[1-9]\d*(?:-[1-9]\d*)*$/.test(given), meaning);

/** The numbers of such a list. */
export const numbersOfList = (list: string): number[] => list.split("-").map(Number);

/** The shape of a tensor that tells what a model is. @throws AttarError "bad-data" where there is none */
export function tellingShape(file: ForeignTensors, family: string, ...names: readonly string[]): readonly number[] {
  for (const name of names) {
    const shape = file.shape(name);
    if (shape) return shape;
  }
  throw badData(
    `--family ${family}`,
    `the file has no tensor ${names.map((name) => `"${name}"`).join(" or ")}, by which the size of ${family} is told`,
    "docs/generators.md lists the families and the names of their tensors; --family chooses another",
  );
}

/** The number of layers called `prefix` + k + `suffix`, k from `first` on. */
export function countLayers(file: ForeignTensors, nameOf: (k: number) => string, first = 0): number {
  let k = first;
  while (file.shape(nameOf(k))) k++;
  return k - first;
}

/** Class that data set class c is in a model of more classes: c itself, or the c-th of a list. */
export const nativeClasses = (list: string, labels: Int32Array, classes: number): Int32Array => {
  const chosen = list === "same" ? undefined : list.split("-").map(Number);
  return labels.map((c) => (chosen ? chosen[c % chosen.length]! : c) % classes);
};

/** The option of a conditional family: which of its classes those of the data set are. */
export const labelsOption = text(
  "same",
  "its classes for those of the data set in their order, joined by dashes, or same",
  (given) => given === "same" || /^\d+(?:-\d+)*$/.test(given),
  "its classes that the data set's are",
);
