import { parquetWriteBuffer } from "hyparquet-writer";
import type { CondensedSet } from "../dataset.ts";
import { folderNames } from "../folderNames.ts";
import { encodePng } from "../formats/png.ts";
import { pictures } from "../pictures.ts";
import { howToTrain, trainingFacts } from "./howToTrain.ts";

/**
 * The columns and the metadata that Hugging Face's `datasets` expects: image {bytes, path} as PNG, label int64 with class
 * names; and where labels are soft, soft_label, a list of float32, a number a class. The metadata "attar" is JSON: method,
 * ipc, dataset, mean, std and scale of the normalisation (low and high where it has a range), augmentation, loss and the
 * learned learning_rate.
 */
export function encodeParquet(set: CondensedSet): Uint8Array {
  const names = folderNames(set.classes);
  const { softLabels, classes } = set;
  const image = pictures(set).map((picture) => ({
    bytes: encodePng(picture.image),
    path: `${names[picture.label]}-${picture.k}.png`,
  }));
  const number = { dtype: "float32", _type: "Value" };
  const features = {
    image: { _type: "Image" },
    label: { names: classes, _type: "ClassLabel" },
    ...(softLabels && { soft_label: { feature: number, _type: "Sequence" } }),
  };
  const soft = softLabels && Array.from(set.labels, (_, i) => rowOf(softLabels, i, classes.length));
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "image", data: image },
      { name: "label", data: BigInt64Array.from(set.labels, BigInt) },
      ...(soft ? [{ name: "soft_label", data: soft }] : []),
    ],
    schema: [
      { name: "schema", num_children: soft ? 3 : 2 },
      { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "label", type: "INT64", repetition_type: "OPTIONAL" },
      ...(soft
        ? ([
            { name: "soft_label", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
            { name: "list", repetition_type: "REPEATED", num_children: 1 },
            { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
          ] as const)
        : []),
    ],
    kvMetadata: [
      { key: "huggingface", value: JSON.stringify({ info: { features } }) },
      { key: howToTrain, value: JSON.stringify(trainingFacts(set)) },
    ],
  });
  return new Uint8Array(buffer);
}

const rowOf = (values: Float32Array, i: number, length: number) =>
  Array.from(values.subarray(i * length, (i + 1) * length));
