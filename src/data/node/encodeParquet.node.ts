import { parquetWriteBuffer } from "hyparquet-writer";
import { size } from "../../engine/tensor.ts";
import type { CondensedSet } from "../dataset.ts";
import { folderNames } from "../folderNames.ts";
import { encodePng } from "../formats/png.ts";
import { pictures } from "../pictures.ts";
import { howToTrain, type TrainingRecipe, trainingFacts } from "./howToTrain.ts";
import { listColumn } from "./listColumn.ts";

export interface ParquetOptions {
  /** How networks are trained on the set; a part of the metadata "attar". */
  readonly recipe?: TrainingRecipe;
  /** Adds the column `normalised`: the values themselves, which bytes of a picture round and clip. */
  readonly exact?: boolean;
}

/**
 * The columns and the metadata that Hugging Face's `datasets` expects: image {bytes, path} as PNG, label int64 with class
 * names; where labels are soft, soft_label, a list of float32, a number a class; and where asked for, normalised, a list of the
 * image's channels · height · width float32 in the training normalisation. The metadata "attar" is JSON: method,
 * ipc, dataset, mean, std and scale of the normalisation (low and high where it has a range), augmentation, loss, the
 * learned learning_rate and the recipe.
 */
export function encodeParquet(set: CondensedSet, { recipe, exact = false }: ParquetOptions = {}): Uint8Array {
  const names = folderNames(set.classes);
  const { softLabels, classes, images, shape } = set;
  const image = pictures(set).map((picture) => ({
    bytes: encodePng(picture.image),
    path: `${names[picture.label]}-${picture.k}.png`,
  }));
  const lists = [
    ...(softLabels ? [listColumn("soft_label", softLabels, classes.length)] : []),
    ...(exact ? [listColumn("normalised", images, size(shape))] : []),
  ];
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "image", data: image },
      { name: "label", data: BigInt64Array.from(set.labels, BigInt) },
      ...lists.map(({ data }) => data),
    ],
    schema: [
      { name: "schema", num_children: 2 + lists.length },
      { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "label", type: "INT64", repetition_type: "OPTIONAL" },
      ...lists.flatMap(({ schema }) => schema),
    ],
    kvMetadata: [
      { key: "huggingface", value: JSON.stringify({ info: { features: featuresOf(set, exact) } }) },
      { key: howToTrain, value: JSON.stringify(trainingFacts(set, recipe)) },
    ],
  });
  return new Uint8Array(buffer);
}

/** The types of the columns, as `datasets` reads them from the file. */
function featuresOf({ softLabels, classes }: CondensedSet, exact: boolean): object {
  const numbers = { feature: { dtype: "float32", _type: "Value" }, _type: "Sequence" };
  return {
    image: { _type: "Image" },
    label: { names: classes, _type: "ClassLabel" },
    ...(softLabels && { soft_label: numbers }),
    ...(exact && { normalised: numbers }),
  };
}
