import { parquetWriteBuffer } from "hyparquet-writer";
import type { CondensedSet } from "../dataset.ts";
import { type Cell, decodeTable } from "../table/decode.ts";
import { preparationFor } from "../table/preparationFor.ts";
import { howToTrain, trainingFacts } from "./howToTrain.ts";

/**
 * The rows of a condensed table as Parquet, in the columns and units of the table that it was made from: whole numbers as int64,
 * other numbers as float64, texts as strings, missing values as nulls; and where labels are soft a column soft_label, a list
 * of float32. The metadata "attar" is JSON as in a Parquet file of pictures, and "table" the preparation.
 */
export function encodeTableParquet(set: CondensedSet): Uint8Array {
  const preparation = preparationFor(set);
  const columns = decodeTable(set, preparation);
  const { softLabels, classes } = set;
  const kinds = columns.map(({ cells, whole }) => kindOf(cells, whole));
  const soft =
    softLabels &&
    Array.from(set.labels, (_, i) => Array.from(softLabels.subarray(i * classes.length, (i + 1) * classes.length)));
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        ...columns.map(({ name, cells }, j) => ({
          name,
          data: kinds[j] === "INT64" ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : [...cells],
        })),
        ...(soft ? [{ name: "soft_label", data: soft }] : []),
      ],
      schema: [
        { name: "schema", num_children: columns.length + (soft ? 1 : 0) },
        ...columns.map(({ name }, j) =>
          kinds[j] === "STRING"
            ? ({ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const)
            : ({ name, type: kinds[j] as "INT64" | "DOUBLE", repetition_type: "OPTIONAL" } as const),
        ),
        ...(soft
          ? ([
              { name: "soft_label", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
              { name: "list", repetition_type: "REPEATED", num_children: 1 },
              { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
            ] as const)
          : []),
      ],
      kvMetadata: [
        { key: howToTrain, value: JSON.stringify(trainingFacts(set)) },
        { key: "table", value: JSON.stringify(preparation) },
      ],
    }),
  );
}

/** The type of a column; texts that are whole numbers, as class names may be, are numbers. */
function kindOf(cells: readonly Cell[], whole: boolean): "STRING" | "INT64" | "DOUBLE" {
  const present = cells.filter((cell) => cell !== null);
  if (present.every((cell) => typeof cell === "number"))
    return whole && present.every(Number.isSafeInteger) ? "INT64" : "DOUBLE";
  return present.every((cell) => /^-?\d{1,15}$/.test(String(cell))) ? "INT64" : "STRING";
}
