import type { CondensedSet } from "./dataset.ts";
import { domainOf } from "./domain.ts";
import { folderNames } from "./folderNames.ts";
import { clippedShare } from "./pictures.ts";

/** What a set tells beside its samples and their classes. */
type Field = "names" | "labels" | "rate" | "whitening" | "augmentation" | "recipe" | "scaling" | "shares";

/** The fields that a format does not hold; those that are not listed hold all. */
const missing: Readonly<Record<string, readonly Field[]>> = {
  png: ["names", "labels", "rate", "whitening", "augmentation", "recipe"],
  imagefolder: ["names", "labels", "rate", "whitening", "augmentation", "recipe"],
  parquet: ["whitening"],
  csv: ["shares", "labels", "rate", "scaling", "whitening", "recipe"],
};

/** The same of the Parquet of a table: its columns, in their own units. */
const missingInTable: readonly Field[] = ["shares", "whitening"];

/** Shares of clipped values below this are not worth a word. */
const noticed = 0.005;

/**
 * The losses of an export, a sentence each: values that bytes cannot hold, class names that no folder has, soft labels, a
 * learned learning rate, whitening, the augmentation and the recipe to train with. Nothing for a format that keeps all.
 */
export function exportLosses(set: CondensedSet, format: string): string[] {
  const isTable = domainOf(set.shape).kind === "table";
  const fields =
    isTable && format === "parquet" ? missingInTable : Object.hasOwn(missing, format) ? missing[format] : undefined;
  if (!fields) return [];
  const share = isTable ? 0 : clippedShare(set);
  const lost = fields.map((field) => losses[field](set)).filter((text) => text !== "");
  const sentences = [
    ...(share >= noticed
      ? [`${percent(share)} of the values are beyond black or white and are clipped in pictures of bytes`]
      : []),
    ...(isTable && !set.table ? [`${format} does not hold the names of columns: the set does not have them`] : []),
    ...lost.map((text) => `${format} does not hold ${text}`),
  ];
  return sentences.map((sentence) => `${sentence}; ${all}`);
}

const all = "--to npz, huggingface and pytorch keep everything";

/** What is lost of a field, in words; "" where the set has none of it. */
const losses: Readonly<Record<Field, (set: CondensedSet) => string>> = {
  names({ classes }) {
    const folders = folderNames(classes);
    const other = classes.findIndex((name, c) => name !== folders[c]);
    return other < 0 ? "" : `class names as they are: "${classes[other]}" is the folder "${folders[other]}"`;
  },
  labels: ({ softLabels }) => (softLabels ? "soft labels: the class with the largest is kept" : ""),
  rate: ({ learningRate }) =>
    learningRate === undefined ? "" : `the learned learning rate, ${learningRate.toPrecision(3)}`,
  whitening: ({ shape, normalisation: { zca } }) =>
    zca
      ? `the whitening that networks are trained under: ${domainOf(shape).kind === "table" ? "rows" : "pictures"} are without it`
      : "",
  augmentation: ({ augmentation }) => (augmentation ? `the augmentation to train with, ${augmentation}` : ""),
  recipe: () => "the recipe to train with: network, optimizer, rate and epochs",
  scaling: () => "mean and deviation of its features",
  shares: ({ table }) =>
    table?.columns.some(({ kind }) => kind === "category") ? "shares of categories: the largest is kept" : "",
};

const percent = (share: number) => `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
