import { parquetWriteBuffer } from "hyparquet-writer";
import type { CondensedSet } from "../dataset.ts";
import { type Cell, decodeTable } from "../table/decode.ts";
import { preparationFor } from "../table/preparationFor.ts";
import { howToTrain, type TrainingRecipe, trainingFacts } from "./howToTrain.ts";
import { listColumn } from "./listColumn.ts";

/**
 * The rows of a condensed table as Parquet, in the columns and units of the table that it was made from: whole numbers as int64,
 * other numbers as float64, texts as strings, missing values as nulls; and where labels are soft a column soft_label, a list
 * of float32. The metadata "attar" is JSON as in a Parquet file of pictures, and "table" the preparation.
 */
export function encodeTableParquet(set: CondensedSet, recipe?: TrainingRecipe): Uint8Array {
  const preparation = preparationFor(set);
  const columns = decodeTable(set, preparation);
  const { softLabels, classes } = set;
  const kinds = columns.map(({ cells, whole }) => kindOf(cells, whole));
  const lists = softLabels ? [listColumn("soft_label", softLabels, classes.length)] : [];
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        ...columns.map(({ name, cells }, j) => ({
          name,
          data: kinds[j] === "INT64" ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : [...cells],
        })),
        ...lists.map(({ data }) => data),
      ],
      schema: [
        { name: "schema", num_children: columns.length + lists.length },
        ...columns.map(({ name }, j) =>
          kinds[j] === "STRING"
            ? ({ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const)
            : ({ name, type: kinds[j] as "INT64" | "DOUBLE", repetition_type: "OPTIONAL" } as const),
        ),
        ...lists.flatMap(({ schema }) => schema),
      ],
      kvMetadata: [
        { key: howToTrain, value: JSON.stringify(trainingFacts(set, recipe)) },
        { key: "table", value: JSON.stringify(preparation) },
      ],
    }),
  );
}

/** The columns that {@link encodeTableParquet} writes, but for soft labels: names and types. */
export const tableColumns = (set: CondensedSet): { readonly name: string; readonly kind: ColumnKind }[] =>
  decodeTable(set, preparationFor(set)).map(({ name, cells, whole }) => ({ name, kind: kindOf(cells, whole) }));

type ColumnKind = "STRING" | "INT64" | "DOUBLE";

/** The type of a column; texts that are whole numbers, as class names may be, are numbers. */
function kindOf(cells: readonly Cell[], whole: boolean): ColumnKind {
  const present = cells.filter((cell) => cell !== null);
  if (present.every((cell) => typeof cell === "number"))
    return whole && present.every(Number.isSafeInteger) ? "INT64" : "DOUBLE";
  return present.every((cell) => /^-?\d{1,15}$/.test(String(cell))) ? "INT64" : "STRING";
}
