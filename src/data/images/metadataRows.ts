import { badData } from "../badData.ts";
import { CsvReader } from "../csv/records.ts";
import { parseStrictJson } from "../formats/strictJson.ts";
import { listed } from "../reading.ts";
import { below, type Folder, folderAt, type ImageFiles } from "./fileTree.ts";
import { isMetadata } from "./metadataName.ts";
import type { PlacedFolder } from "./splitFolders.ts";

/** The list in a folder, if it has one. */
export const metadataIn = (folder: Folder): string | undefined => folder.files.find(isMetadata);

/** The columns that hold labels where none is named, likeliest first. */
const labelColumns = ["label", "labels", "class", "target", "category", "y"];

/** An image of a list with its label as the list has it. */
export interface MetadataRow {
  readonly path: string;
  readonly label: string;
}

/** The rows of a list, and the column that its labels are from. */
export interface MetadataRows {
  readonly rows: readonly MetadataRow[];
  readonly column: string;
  readonly list: string;
}

type Cells = ReadonlyMap<string, unknown>;

/**
 * Reads `metadata.csv` or `metadata.jsonl`: a column `file_name` of paths from the list's own folder, and a column of labels.
 *
 * @param label the column that a person names
 * @returns undefined where no column is one of labels, and none was named
 * @throws AttarError "bad-data": a path that leaves the dataset or leads nowhere, a column that is not there
 */
export async function metadataRows(
  files: ImageFiles,
  { folder, path }: PlacedFolder,
  label?: string,
): Promise<MetadataRows | undefined> {
  const list = below(path, metadataIn(folder)!);
  const where = `${files.name}/${list}`;
  const text = await files.read(list);
  const rows = /\.csv$/i.test(list) ? csvCells(text, where) : jsonCells(text, where);
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const named = columns.find((one) => one === "file_name") ?? columns.find((one) => one.endsWith("file_name"));
  if (named === undefined)
    throw badData(
      where,
      `has no column file_name, its columns are ${listed(columns)}`,
      "Name the column of the paths file_name.",
    );
  const column = (label === undefined ? labelColumns : [label]).find((one) => columns.includes(one));
  if (column === undefined && label !== undefined)
    throw badData(
      where,
      `has no column ${JSON.stringify(label)}, its columns are ${listed(columns)}`,
      `Name one of them, for example --label ${columns.at(-1)}`,
    );
  if (column === undefined) return undefined;
  const known = new Map<string, ReadonlySet<string>>();
  const isThere = (file: string) => {
    const parent = file.split("/").slice(0, -1).join("/");
    const names = known.get(parent) ?? new Set(folderAt(files.root, parent)?.files ?? []);
    known.set(parent, names);
    return names.has(file.slice(parent === "" ? 0 : parent.length + 1));
  };
  return {
    column,
    list,
    rows: rows.map((row, i) => {
      const file = pathWithin(path, String(row.get(named) ?? ""), `${where}, row ${i + 1}`);
      if (!isThere(file))
        throw badData(
          `${where}, row ${i + 1}`,
          `names ${JSON.stringify(file)}, which is not there`,
          "Take the row away, or put the image there.",
        );
      return { path: file, label: labelText(row.get(column), column, `${where}, row ${i + 1}`) };
    }),
  };
}

/** A path from a folder of the dataset. @throws AttarError where it leaves the dataset */
function pathWithin(folder: string, name: string, where: string): string {
  const parts = folder === "" ? [] : folder.split("/");
  if (/^([a-z]:)?[\\/]/i.test(name))
    throw badData(where, `names ${JSON.stringify(name)}, which does not lie in the dataset`);
  for (const part of name.split(/[\\/]/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined)
      throw badData(where, `names ${JSON.stringify(name)}, which does not lie in the dataset`);
  }
  return parts.join("/");
}

function labelText(value: unknown, column: string, where: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw badData(
    where,
    `its ${column} is neither a text nor a number`,
    "Name the column of the labels, for example --label label",
  );
}

function csvCells(bytes: Uint8Array, where: string): Cells[] {
  let names: readonly string[] | undefined;
  const rows: Cells[] = [];
  const reader = new CsvReader(where, (record) => {
    const texts = record.texts();
    if (names) rows.push(new Map(names.map((name, i) => [name, texts[i] ?? ""])));
    else {
      names = texts;
      const twin = texts.find((name, i) => name !== "" && texts.indexOf(name) !== i);
      if (twin !== undefined)
        throw badData(where, `has two columns named ${JSON.stringify(twin)}`, "Name each column once.");
    }
  });
  reader.push(bytes);
  reader.end();
  return rows;
}

function jsonCells(bytes: Uint8Array, where: string): Cells[] {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines.flatMap((line, i): Cells[] => {
    if (line.trim() === "") return [];
    const value = parseStrictJson(line, `${where}, line ${i + 1}`);
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw badData(`${where}, line ${i + 1}`, "is no JSON object");
    return [new Map(Object.entries(value))];
  });
}
