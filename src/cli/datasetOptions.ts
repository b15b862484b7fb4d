import type { Command } from "commander";
import type { Dataset } from "../data/dataset.ts";
import { parsePictureSize, type ReadOptions, readOptionWords } from "../data/readOptions.ts";
import { log, type OutputOptions, shellWord } from "./output.ts";
import { share } from "./share.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** Flags of every command that reads a dataset: how it is read, where the guess is not wanted. */
export interface DatasetFlags {
  label?: string;
  target?: "classes" | "values";
  bins?: number;
  header?: boolean;
  drop?: string;
  categories?: string;
  domain?: "series" | "embedding";
  table?: boolean;
  images?: string;
  scale?: number;
  size?: string;
  fit?: "cover" | "contain" | "stretch";
  grey?: boolean;
  skipUnreadable?: boolean;
  train?: string;
  test?: string;
  testShare?: number;
}

/** Adds the options by which a person says how a dataset is read; docs/data.md explains them. */
export function withDatasetOptions(command: Command, images = true): Command {
  command
    .option("--labels, --label <column>", "label column of a table, by name or number from 1; array of labels")
    .option("--target <kind>", "what is predicted: classes (default), or values: numbers that --label names")
    .option("--bins <n>", "quantile bins of values, in place of classes (default 5)", wholeNumber("--bins", 2))
    .option("--header", "the first line of a CSV names the columns (default: as it looks)")
    .option("--no-header", "the first line of a CSV is data")
    .option("--drop <columns>", "columns of a CSV to leave out, joined by commas; none keeps all")
    .option("--categories <columns>", "columns whose numbers are categories, joined by commas; texts are so anyway")
    .option("--domain <kind>", "rows are series over time (series), or outputs of an encoder (embedding)")
    .option("--table", "rows of numbers are features, not pictures")
    .option(
      "--scale <n>",
      "stored value of pictures that stands for white (default 255, or 16)",
      wholeNumber("--scale", 1, undefined, 255),
    )
    .option("--size <HxW>", "size that image files are brought to: 64, or 48x64 (height x width)")
    .option("--fit <kind>", "how: cover (default; scaled and cut), contain (scaled, black beside), or stretch")
    .option("--grey", "image files are read as grey")
    .option("--skip-unreadable", "image files that cannot be read are passed over and counted");
  command
    .option("--train <name>", "training split: a folder or file in the one that is given, or a word in names of arrays")
    .option("--test <path>", "test split: a path, or a name as --train takes it; none for none")
    .option(
      "--test-share <share>",
      "share of every class to hold out as the test split, e.g. 0.2",
      share("--test-share"),
    );
  if (images) command.option("--images <HxWxC>", "rows of numbers are pictures of that size, or the array of images");
  return command.addHelpText(
    "after",
    "\nWhat is read, and how it is guessed: docs/data.md, or attar data info <dataset>",
  );
}

/** The reading options among a command's flags. */
export function readOptionsOf({
  label,
  target,
  bins,
  header,
  drop,
  categories,
  domain,
  table,
  images,
  scale,
  size,
  fit,
  grey,
  skipUnreadable,
  train,
  test,
  testShare,
}: DatasetFlags): ReadOptions {
  return {
    ...(label !== undefined && { label }),
    ...(target !== undefined && { target }),
    ...(bins !== undefined && { bins }),
    ...(header !== undefined && { header }),
    ...(drop !== undefined && { drop: drop.split(",").map((name) => name.trim()) }),
    ...(categories !== undefined && { categories: categories.split(",").map((name) => name.trim()) }),
    ...(domain !== undefined && { domain }),
    ...(table && { table }),
    ...(images !== undefined && { images }),
    ...(scale !== undefined && { scale }),
    ...(size !== undefined && { size }),
    ...(fit !== undefined && { fit }),
    ...(grey && { grey }),
    ...(skipUnreadable && { skipUnreadable }),
    ...(train !== undefined && { train }),
    ...(test !== undefined && { test }),
    ...(testShare !== undefined && { testShare }),
  };
}

/** The dataset with its reading options as they are typed again: `frame.csv --label y`. */
export function datasetWords(name: string, options: ReadOptions): string {
  return [name, ...readOptionWords(options)].map(shellWord).join(" ");
}

/** Says on stderr what was guessed when the dataset was read, a line each. */
export function logGuesses({ name, reading }: Dataset, flags: OutputOptions): void {
  for (const note of reading?.notes ?? []) log(`${name}: ${note}`, flags);
}

/** Tells whether a word of `--images` is the size of a picture rather than a number of images. */
export const isPictureSize = (word: string): boolean => {
  try {
    return parsePictureSize(word) !== undefined;
  } catch {
    return false;
  }
};
