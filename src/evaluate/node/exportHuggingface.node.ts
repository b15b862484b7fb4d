import { encodeCondensed } from "../../data/condensedSet.ts";
import type { CondensedSet } from "../../data/dataset.ts";
import { encodeParquet } from "../../data/node/encodeParquet.node.ts";
import { encodeTableParquet, tableColumns } from "../../data/node/encodeTableParquet.node.ts";
import { checkPictures, type ExportOutput, isTable } from "../../data/node/exportSet.node.ts";
import { type CardColumn, datasetCard, type Made } from "../datasetCard.ts";
import type { Training } from "../trainingRecipe.ts";

/**
 * A condensed set as a repository of the Hugging Face Hub: `README.md`, the dataset card; `data/train-00000-of-00001.parquet`,
 * pictures with class names, soft labels and the values themselves, or of a table its own columns; `condensed.safetensors`,
 * which loses nothing.
 *
 * @throws AttarError "no-pictures" for images that are no pictures
 */
export function huggingfaceFiles(set: CondensedSet, training: Training, made: Made): ExportOutput {
  checkPictures(set, "huggingface");
  const { recipe } = training;
  const parquet = isTable(set) ? encodeTableParquet(set, recipe) : encodeParquet(set, { recipe, exact: true });
  const columns = isTable(set) ? columnsOfTable(set) : columnsOfPictures(set);
  const card = datasetCard(set, { training, made, columns });
  return {
    places: ["README.md", "data", "condensed.safetensors"],
    files: new Map([
      ["data/train-00000-of-00001.parquet", parquet],
      ["condensed.safetensors", encodeCondensed(set)],
      ["README.md", new TextEncoder().encode(card)],
    ]),
  };
}

const floats = ["sequence: float32"];

/** The columns of a condensed set's own numbers, where its labels are soft. */
const softLabels = ({ softLabels }: CondensedSet): CardColumn[] =>
  softLabels ? [{ name: "soft_label", type: floats, meaning: "label to train on, a number a class" }] : [];

function columnsOfPictures(set: CondensedSet): CardColumn[] {
  const names = set.classes.map((name, c) => `      '${c}': ${JSON.stringify(name)}`);
  const hard = set.softLabels ? "class with the largest soft label" : "class";
  return [
    { name: "image", type: ["dtype: image"], meaning: "PNG, 8 bits a channel" },
    { name: "label", type: ["dtype:", "  class_label:", "    names:", ...names], meaning: hard },
    ...softLabels(set),
    {
      name: "normalised",
      type: floats,
      meaning: `float32 [${set.shape.join(", ")}], flat: the image as networks are trained on it`,
    },
  ];
}

const types = { INT64: "int64", DOUBLE: "float64", STRING: "string" } as const;

function columnsOfTable(set: CondensedSet): CardColumn[] {
  const own = tableColumns(set).map(({ name, kind }) => ({
    name,
    type: [`dtype: ${types[kind]}`],
    meaning: kind === "STRING" ? "text" : "number in its own unit",
  }));
  return [...own, ...softLabels(set)];
}
