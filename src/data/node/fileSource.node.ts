import { readdirSync, statSync } from "node:fs";
import type { TableSource } from "../table/tableSource.ts";
import { arffSource } from "./arffSource.node.ts";
import { holdsParquet } from "./parquetFiles.node.ts";
import { holdsParquetTable, parquetSource } from "./parquetSource.node.ts";
import { csvSource } from "./tableSource.node.ts";

/** Names of files that are tables whatever they hold; one of Parquet may hold images. */
export const tableFile = /\.(csv|tsv|txt|data|arff)(\.gz)?$/i;

/** The table of a folder's training split, where it holds one. */
export const tableIn = (folder: string): string | undefined =>
  readdirSync(folder)
    .sort()
    .find((file) => /^train\.(csv|tsv|arff)(\.gz)?$/i.test(file));

/** Tells whether what is at a path is read as a table: such a file, or a folder with one. @throws AttarError "bad-data" */
export async function isTableAt(path: string): Promise<boolean> {
  if (!statSync(path).isDirectory())
    return tableFile.test(path) || (/\.parquet$/i.test(path) && holdsParquetTable(path));
  return tableIn(path) !== undefined || ((await holdsParquet(path)) && holdsParquetTable(path));
}

/** The source of the table at a path, by its name. @throws AttarError "bad-data" */
export async function fileSource(path: string): Promise<TableSource> {
  if (/\.arff(\.gz)?$/i.test(path)) return arffSource(path);
  return /\.parquet$/i.test(path) ? parquetSource([path]) : csvSource(path);
}
