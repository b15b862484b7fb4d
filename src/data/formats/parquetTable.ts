import { badData, guarded } from "../badData.ts";
import { Budget } from "./budget.ts";
import { footerOf, type SlicedFile } from "./parquet.ts";
import { booleanType, type Cell, readColumnChunk } from "./parquetColumn.ts";
import type { SchemaElement } from "./parquetFooter.ts";

/** A table of a Parquet file: columns of numbers and texts, and which it has beside them. */
export interface ParquetTable {
  readonly names: readonly string[];
  readonly rows: number;
  /** [columns][rows]: numbers, texts ("True" and "False" for truth values), or nothing. */
  readonly columns: readonly (readonly (number | string | undefined)[])[];
  /** Columns that are left out, and why, a sentence each. */
  readonly notes: readonly string[];
}

/** Kinds of values that a number or a text does not stand for, by the numbers that the schema has for them. */
const unread: Readonly<Record<number, string>> = {
  5: "decimals of its own kind",
  6: "dates",
  7: "times of day",
  8: "times of day",
  9: "dates and times",
  10: "dates and times",
};
const readTypes = new Set([0, 1, 2, 4, 5, 6]);
/** The column in which pandas keeps the index of rows. */
const pandasIndex = /^__index_level_\d+__$/;

/**
 * Tells whether a Parquet file holds a table: none of its columns is one of images.
 *
 * @throws AttarError "bad-data"
 */
export async function isParquetTable(file: SlicedFile, where: string): Promise<boolean> {
  const { schema } = await footerOf(file, where);
  return !topLevel(schema).some(
    ({ element, fields }) =>
      fields.some(({ name }) => name === "bytes") ||
      (fields.length === 0 && /^(image|img|images|picture|photo|pixel_values|jpg|png|webp)$/.test(element.name)),
  );
}

/**
 * Reads a Parquet file whose columns are numbers, truth values and texts. Columns of dates and of lists are left out.
 *
 * @throws AttarError "bad-data"
 */
export async function parseParquetTable(file: SlicedFile, where: string): Promise<ParquetTable> {
  const footer = await footerOf(file, where);
  const budget = new Budget(file.byteLength, where);
  const notes: string[] = [];
  const names: string[] = [];
  const columns: (number | string | undefined)[][] = [];
  for (const { element, fields } of topLevel(footer.schema)) {
    const { name, repetition, converted } = element;
    const chunks = footer.groups.map((group) => group.columns.find(({ path }) => path.join("\n") === name));
    const type = chunks[0]?.type;
    const why =
      fields.length > 0 || repetition === 2
        ? "a value of it is a list or a structure"
        : converted !== undefined && unread[converted]
          ? `it holds ${unread[converted]}`
          : type !== undefined && !readTypes.has(type)
            ? `its physical type ${type} is not read`
            : pandasIndex.test(name)
              ? "it numbers the rows, as pandas does"
              : undefined;
    if (why !== undefined) {
      notes.push(`the column ${name} is left out: ${why}`);
      continue;
    }
    const cells: (number | string | undefined)[] = [];
    for (const [g, chunk] of chunks.entries()) {
      if (!chunk || chunk.values !== footer.groups[g]!.rows)
        throw badData(where, `its Parquet column ${name} does not have ${footer.groups[g]!.rows} values`);
      const bytes = new Uint8Array(await file.slice(chunk.start, chunk.start + chunk.length));
      const own = guarded(where, `its Parquet column ${name} is damaged`, () =>
        readColumnChunk(bytes, chunk, repetition === 1 ? 1 : 0, budget),
      );
      for (const cell of own) cells.push(cellOf(cell, chunk.type === booleanType));
    }
    names.push(name);
    columns.push(cells);
  }
  return { names, rows: footer.rows, columns, notes };
}

const text = new TextDecoder();
const cellOf = (cell: Cell, truth: boolean): number | string | undefined =>
  typeof cell === "number" ? (truth ? (cell === 0 ? "False" : "True") : cell) : cell && text.decode(cell);

/** The columns of a schema, each with all that is below it. */
function topLevel(schema: readonly SchemaElement[]): { element: SchemaElement; fields: SchemaElement[] }[] {
  const top: { element: SchemaElement; fields: SchemaElement[] }[] = [];
  for (let at = 1; at < schema.length; ) {
    const element = schema[at]!;
    let [open, end] = [element.children, at + 1];
    while (open > 0 && end < schema.length) open += schema[end++]!.children - 1;
    top.push({ element, fields: schema.slice(at + 1, end) });
    at = end;
  }
  return top;
}
