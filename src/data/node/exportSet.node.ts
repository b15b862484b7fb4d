import { join } from "node:path";
import { AttarError, nearest } from "../../engine/errors.ts";
import type { CondensedSet } from "../dataset.ts";
import { domainOf } from "../domain.ts";
import { encodeCodes } from "../encodeCodes.ts";
import { encodeCsv } from "../encodeCsv.ts";
import { exportArrays } from "../exportArrays.ts";
import { encodeNpz } from "../formats/npz.ts";
import { classFolders, pictureFiles } from "../pictureFiles.ts";
import { encodeParquet } from "./encodeParquet.node.ts";
import { encodeTableParquet } from "./encodeTableParquet.node.ts";
import type { TrainingRecipe } from "./howToTrain.ts";
import { lockFolder } from "./lock.node.ts";
import { replaceOwnFiles } from "./ownFiles.node.ts";
import { makeFolder } from "./writeAtomic.node.ts";
import { picturePlaces } from "./writePictures.node.ts";

export const exportFormats = ["png", "imagefolder", "parquet", "npz", "csv", "codes"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  /** How networks are trained on the set, which parquet and npz hold. */
  readonly recipe?: TrainingRecipe;
}

/**
 * Writes a condensed set in a format other programs read. The pictures are un-normalised to bytes, from black to white,
 * which clips and rounds, and they are images of 1 or 3 channels only; `.npz` keeps everything. `exportLosses` says what is lost.
 *
 * - png: `images/<class>/<k>.png` and `grid.png`
 * - imagefolder: `train/<class>/<k>.png`, as torchvision's ImageFolder and Hugging Face's imagefolder read it
 * - parquet: `data/train-00000-of-00001.parquet`, which Hugging Face `load_dataset(<folder>)` reads;
 *   soft labels in a column soft_label; of a table its own columns
 * - npz: `condensed.npz` with the arrays of `exportArrays`
 * - codes: `codes.safetensors`, the set as codes with what decodes them, where it has any
 * - csv: `condensed.csv`, of rows of a table alone: its own columns in their own units
 *
 * The folder's manifest says what was written. A later export to the same places replaces that; where they hold anything
 * else, or a link, nothing is written.
 *
 * @returns the paths that were written: the file, or the folder of files
 * @throws AttarError "unknown-option" for another format, "no-pictures" for a set that holds none, "no-codes", "foreign-files", "locked"
 * (exit code 1), "cannot-write"
 */
export async function exportSet(
  set: CondensedSet,
  format: ExportFormat | string,
  folder: string,
  options: ExportOptions = {},
): Promise<string[]> {
  if (exportFormats.some((known) => known === format)) checkPictures(set, format);
  return writeExport(folder, outputOf(set, format, options));
}

/**
 * Writes the files of an export, one process at a time.
 *
 * @returns the paths of the places that hold anything now
 * @throws AttarError "foreign-files" before anything is changed, "locked" (exit code 1), "cannot-write"
 */
export async function writeExport(folder: string, output: ExportOutput): Promise<string[]> {
  await makeFolder(folder);
  const unlock = lockFolder(folder);
  try {
    await replaceOwnFiles(folder, output.places, output.files);
  } finally {
    unlock();
  }
  const written = [...output.files.keys()];
  const holds = (place: string) => written.some((path) => path === place || path.startsWith(`${place}/`));
  return output.places.filter(holds).map((place) => join(folder, output.shown ?? place));
}

/** The files of an export. */
export interface ExportOutput {
  /** Files and folders that the export fills alone. */
  readonly places: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The path that is told in place of the only place. */
  readonly shown?: string;
}

function outputOf(set: CondensedSet, format: string, { recipe }: ExportOptions): ExportOutput {
  switch (format) {
    case "png":
      return { places: picturePlaces, files: pictureFiles(set) };
    case "imagefolder":
      return { places: ["train"], files: classFolders("train", set) };
    case "parquet": {
      const shown = "data/train-00000-of-00001.parquet";
      return {
        places: ["data"],
        files: new Map([[shown, isTable(set) ? encodeTableParquet(set, recipe) : encodeParquet(set, { recipe })]]),
        shown,
      };
    }
    case "npz":
      return { places: ["condensed.npz"], files: new Map([["condensed.npz", encodeNpz(exportArrays(set, recipe))]]) };
    case "csv":
      return { places: ["condensed.csv"], files: new Map([["condensed.csv", encodeCsv(set)]]) };
    case "codes":
      return { places: ["codes.safetensors"], files: new Map([["codes.safetensors", encodeCodes(set)]]) };
    default: {
      const near = nearest(format, exportFormats);
      throw new AttarError(
        "unknown-option",
        `unknown export format "${format}".`,
        near ? `Did you mean ${near}?` : `Use one of ${exportFormats.join(", ")}.`,
      );
    }
  }
}

/** Tells whether a set holds rows of numbers, no pictures. */
export const isTable = ({ shape }: CondensedSet): boolean => domainOf(shape).kind === "table";

/** Refuses pictures of what is none. @throws AttarError "no-pictures", or "no-table" (exit code 2) */
export function checkPictures(set: CondensedSet, format: string): void {
  const { shape, target } = set;
  if (format === "npz") return;
  if (format === "codes") {
    if (set.form) return;
    throw new AttarError(
      "no-codes",
      `the set of ${set.method} is its images, with no codes that they are decoded from`,
      "export it with --to npz",
    );
  }
  const rows = isTable(set);
  if (rows && (format === "parquet" || format === "huggingface")) return;
  if (format === "csv") {
    if (rows) return;
    throw new AttarError("no-table", "the set holds images, and csv holds rows of a table", "export it with --to npz");
  }
  if (target && !rows)
    throw new AttarError(
      "no-pictures",
      `the set predicts ${target.names.join(", ")}, and ${format} holds images by their class`,
      "export it with --to npz",
    );
  const [channels] = shape;
  const what = rows
    ? `rows of a table of ${channels} features`
    : channels === 1 || channels === 3
      ? ""
      : `images of ${channels} channels`;
  if (!what) return;
  throw new AttarError(
    "no-pictures",
    `the set holds ${what}, which are no pictures that ${format} could hold`,
    rows ? "export it with --to csv, --to parquet or --to npz" : "export it with --to npz",
  );
}
