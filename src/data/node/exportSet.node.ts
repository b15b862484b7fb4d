import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { AttarError, nearest } from "../../engine/errors.ts";
import type { CondensedSet } from "../dataset.ts";
import { folderNames } from "../folderNames.ts";
import type { NumericTensor } from "../formats/npy.ts";
import { encodeNpz } from "../formats/npz.ts";
import { encodePng } from "../formats/png.ts";
import { pictures } from "../pictures.ts";
import { replaceOwnFiles } from "./ownFiles.node.ts";
import { makeFolder } from "./writeAtomic.node.ts";
import { classFolders, pictureFiles, picturePlaces } from "./writePictures.node.ts";

export const exportFormats = ["png", "imagefolder", "parquet", "npz"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * Writes a condensed set in a format other programs read. The pictures are un-normalised to bytes, which clips and
 * rounds; `.npz` keeps the exact float32 values and says how they were normalised.
 *
 * - png: `images/<class>/<k>.png` and `grid.png`
 * - imagefolder: `train/<class>/<k>.png`, as torchvision's ImageFolder and Hugging Face's imagefolder read it
 * - parquet: `data/train-00000-of-00001.parquet`, which Hugging Face `load_dataset(<folder>)` reads
 * - npz: `condensed.npz` with images, labels (or soft_labels), classes' mean, std and scale
 *
 * The folder's manifest says what was written. A later export to the same places replaces that; where they hold anything
 * else, or a link, nothing is written.
 *
 * @returns the paths that were written: the file, or the folder of files
 * @throws AttarError "unknown-option" for another format, "foreign-files", "cannot-write"
 */
export async function exportSet(set: CondensedSet, format: ExportFormat | string, folder: string): Promise<string[]> {
  const output = outputOf(set, format);
  await makeFolder(folder);
  await replaceOwnFiles(folder, output.places, output.files);
  return output.places.map((place) => join(folder, output.shown ?? place));
}

interface Output {
  /** Files and folders that the export fills alone. */
  readonly places: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The path that is told in place of the only place. */
  readonly shown?: string;
}

function outputOf(set: CondensedSet, format: string): Output {
  switch (format) {
    case "png":
      return { places: picturePlaces, files: pictureFiles(set) };
    case "imagefolder":
      return { places: ["train"], files: classFolders("train", set) };
    case "parquet": {
      const shown = "data/train-00000-of-00001.parquet";
      return { places: ["data"], files: new Map([[shown, encodeParquet(set)]]), shown };
    }
    case "npz":
      return { places: ["condensed.npz"], files: new Map([["condensed.npz", encodeNpz(arrays(set))]]) };
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

/** The columns and the metadata Hugging Face's `datasets` expects: image {bytes, path}, label int64 with class names. */
function encodeParquet(set: CondensedSet): Uint8Array {
  const names = folderNames(set.classes);
  const all = pictures(set);
  const image = all.map((picture) => ({
    bytes: encodePng(picture.image),
    path: `${names[picture.label]}-${picture.k}.png`,
  }));
  const features = {
    image: { _type: "Image" },
    label: { names: set.classes, _type: "ClassLabel" },
  };
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "image", data: image },
      { name: "label", data: BigInt64Array.from(set.labels, BigInt) },
    ],
    schema: [
      { name: "schema", num_children: 2 },
      { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "label", type: "INT64", repetition_type: "OPTIONAL" },
    ],
    kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }],
  });
  return new Uint8Array(buffer);
}

function arrays(set: CondensedSet): Record<string, NumericTensor> {
  const { images, shape, labels, softLabels, classes, normalisation } = set;
  const channels = [shape[0]];
  return {
    images: { shape: [labels.length, ...shape], data: images },
    labels: { shape: [labels.length], data: BigInt64Array.from(labels, BigInt) },
    ...(softLabels && { soft_labels: { shape: [labels.length, classes.length], data: softLabels } }),
    mean: { shape: channels, data: Float64Array.from(normalisation.mean) },
    std: { shape: channels, data: Float64Array.from(normalisation.std) },
    scale: { shape: [1], data: Float64Array.of(normalisation.scale) },
  };
}
