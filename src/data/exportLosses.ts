import type { CondensedSet } from "./dataset.ts";
import { domainOf } from "./domain.ts";
import { clippedShare } from "./pictures.ts";

/** The fields that a format of pictures keeps beside images and classes. */
const kept: Readonly<Record<string, ReadonlySet<string>>> = {
  png: new Set(),
  imagefolder: new Set(),
  parquet: new Set(["labels", "rate", "augmentation"]),
};

/** The sentences on what a CSV, or Parquet, does not keep of a condensed table. */
function lostInTable({ softLabels, learningRate, normalisation, table }: CondensedSet, format: string): string[] {
  const isCsv = format === "csv";
  const lost = [
    table ? "" : "the names of columns, which the set does not have",
    table?.columns.some(({ kind }) => kind === "category") ? "shares of categories (the largest is kept)" : "",
    isCsv && softLabels ? "soft labels (the class with the largest is kept)" : "",
    isCsv && learningRate !== undefined ? `the learned learning rate ${learningRate.toPrecision(3)}` : "",
    isCsv ? "mean and deviation of its features" : "",
    normalisation.zca ? "the whitening that networks are trained under (rows are without it)" : "",
  ].filter(Boolean);
  return lost.length === 0 ? [] : [`${format} does not hold ${lost.join(", ")}; --to npz keeps everything`];
}

/** Shares of clipped values below this are not worth a word. */
const noticed = 0.005;

/**
 * The losses of an export, a sentence each: values that bytes cannot hold, soft labels, a learned learning rate, whitening
 * and the augmentation to train with. Nothing for a format that keeps all.
 */
export function exportLosses(set: CondensedSet, format: string): string[] {
  if (format === "csv" || (format === "parquet" && domainOf(set.shape).kind === "table"))
    return lostInTable(set, format);
  const keeps = Object.hasOwn(kept, format) ? kept[format] : undefined;
  if (!keeps) return [];
  const share = clippedShare(set);
  const { softLabels, learningRate, normalisation, augmentation } = set;
  const lost = [
    softLabels && !keeps.has("labels") ? "soft labels (the class with the largest is kept)" : "",
    learningRate !== undefined && !keeps.has("rate") ? `the learned learning rate ${learningRate.toPrecision(3)}` : "",
    normalisation.zca ? "the whitening that networks are trained under (pictures are without it)" : "",
    augmentation && !keeps.has("augmentation") ? `the augmentation to train with, ${augmentation}` : "",
  ].filter(Boolean);
  const all = "--to npz keeps everything";
  return [
    ...(share >= noticed
      ? [`${percent(share)} of the values are beyond black or white and are clipped in pictures of bytes; ${all}`]
      : []),
    ...(lost.length > 0 ? [`${format} does not hold ${lost.join(", ")}; ${all}`] : []),
  ];
}

const percent = (share: number) => `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
