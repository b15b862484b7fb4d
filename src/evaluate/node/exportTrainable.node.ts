import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import type { Domain } from "../../data/domain.ts";
import { type ExportFormat, exportFormats, exportSet, writeExport } from "../../data/node/exportSet.node.ts";
import type { NetworkSpec } from "../../hypotheses/index.ts";
import type { Made } from "../datasetCard.ts";
import { trainingOf } from "../trainingRecipe.ts";
import { huggingfaceFiles } from "./exportHuggingface.node.ts";
import { pytorchFiles } from "./exportPytorch.node.ts";

/** The formats that a set is written in together with how to train on it. */
export const trainableFormats = [...exportFormats, "huggingface", "pytorch"] as const;
export type TrainableFormat = (typeof trainableFormats)[number];

export interface TrainableOptions {
  /** The network that is trained; that of the domain where left out. */
  readonly network?: NetworkSpec;
  /** The domain of the samples, where their shape does not tell. */
  readonly domain?: Domain;
  /** How the set came about, for the dataset card of `huggingface`. */
  readonly made?: Made;
  /** The dataset whose test split goes along with `pytorch`. */
  readonly test?: Dataset;
}

/**
 * Writes a condensed set in a format other programs read, with the recipe to train on it: those of {@link exportSet}, and
 *
 * - huggingface: a dataset repository: card, Parquet, the set itself; `load_dataset(<folder>)` reads it
 * - pytorch: a folder with `train.py` that trains and tests networks on the set, as `attar evaluate` does
 *
 * @returns the paths that were written
 * @throws AttarError as {@link exportSet}, `huggingfaceFiles` and `pytorchFiles` do
 */
export async function exportTrainable(
  set: CondensedSet,
  format: TrainableFormat | string,
  folder: string,
  { made = {}, test, ...options }: TrainableOptions = {},
): Promise<string[]> {
  const training = await trainingOf(set, options);
  if (format === "huggingface") return writeExport(folder, huggingfaceFiles(set, training, made));
  if (format === "pytorch") return writeExport(folder, pytorchFiles(set, training, test));
  return exportSet(set, format as ExportFormat, folder, { recipe: training.recipe });
}
