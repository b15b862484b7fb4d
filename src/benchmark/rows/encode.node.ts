import { parquetWriteBuffer } from "hyparquet-writer";
import { columns, isNumeric, type Row } from "./row.ts";

/** The forms in which rows are written. */
export const rowFormats = ["ndjson", "json", "csv", "parquet"] as const;
export type RowFormat = (typeof rowFormats)[number];

/** Rows as the content of a file. Of equal rows the content is equal. */
export function encodeRows(rows: readonly Row[], format: RowFormat): Uint8Array | string {
  if (format === "ndjson") return rows.map((row) => `${JSON.stringify(ordered(row))}\n`).join("");
  if (format === "json") return `${JSON.stringify(rows.map(ordered), null, 1)}\n`;
  if (format === "csv")
    return [columns, ...rows.map((row) => columns.map((column) => row[column]))].map(csvLine).join("");
  return parquet(rows);
}

const ordered = (row: Row) => Object.fromEntries(columns.map((column) => [column, row[column]]));

const csvLine = (cells: readonly (string | number | null)[]) => `${cells.map(csvCell).join(",")}\r\n`;

const csvCell = (cell: string | number | null): string => {
  if (cell === null) return "";
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Numbers as float64, texts as strings, what is not known as null. */
const parquet = (rows: readonly Row[]) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map((name) => ({ name, data: rows.map((row) => row[name]) })),
      schema: [
        { name: "schema", num_children: columns.length },
        ...columns.map((name) =>
          isNumeric(name)
            ? ({ name, type: "DOUBLE", repetition_type: "OPTIONAL" } as const)
            : ({ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const),
        ),
      ],
    }),
  );
