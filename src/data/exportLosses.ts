import type { CondensedSet } from "./dataset.ts";
import { clippedShare } from "./pictures.ts";

/** The fields that a format of pictures keeps beside images and classes. */
const kept: Readonly<Record<string, ReadonlySet<string>>> = {
  png: new Set(),
  imagefolder: new Set(),
  parquet: new Set(["labels", "rate", "augmentation"]),
};

/** The sentences on what a CSV does not keep of a condensed table. */
function lostInCsv({ softLabels, learningRate, normalisation }: CondensedSet): string[] {
  const lost = [
    "the names of columns",
    softLabels ? "soft labels (the class with the largest is kept)" : "",
    learningRate !== undefined ? `the learned learning rate ${learningRate.toPrecision(3)}` : "",
    normalisation.zca ? "the whitening that networks are trained under (rows are without it)" : "",
  ].filter(Boolean);
  return [`csv does not hold ${lost.join(", ")}; --to npz keeps everything`];
}

/** Shares of clipped values below this are not worth a word. */
const noticed = 0.005;

/**
 * The losses of an export, a sentence each: values that bytes cannot hold, soft labels, a learned learning rate, whitening
 * and the augmentation to train with. Nothing for a format that keeps all.
 */
export function exportLosses(set: CondensedSet, format: string): string[] {
  if (format === "csv") return lostInCsv(set);
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
