import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isParquetTable, type ParquetTable, parseParquetTable } from "../formats/parquetTable.ts";
import { twinNames } from "../splitNames.ts";
import { parquetSourceOf } from "../table/parquetSource.ts";
import type { TableSource } from "../table/tableSource.ts";
import { withParquet } from "./openParquetFile.node.ts";
import { parquetFiles } from "./parquetFiles.node.ts";

/** The splits of a table that lies in Parquet files. */
export interface ParquetSources {
  readonly train: TableSource;
  /** Sources of the test split, likeliest first. */
  readonly tests: readonly TableSource[];
}

/**
 * The table in a Parquet file, or in a folder of such files as the Hub has them; undefined where they hold images.
 *
 * @throws AttarError "bad-data"
 */
export async function parquetSources(path: string): Promise<ParquetSources | undefined> {
  const alone = /\.parquet$/i.test(path);
  const beside = twinNames(basename(path)).map((file) => join(dirname(path), file));
  const files = alone
    ? { train: [path], test: beside.filter((file) => file !== path && existsSync(file)), validation: [] }
    : await parquetFiles(path);
  if (!(await withParquet(files.train[0]!, isParquetTable))) return undefined;
  const splits = alone ? files.test.map((file) => [file]) : [files.test, files.validation].filter((f) => f.length > 0);
  const tests: TableSource[] = [];
  for (const split of splits) tests.push(await parquetSource(split));
  return { train: await parquetSource(files.train, path), tests };
}

/** Tells whether a Parquet file, or the first of a folder's training split, holds a table. @throws AttarError "bad-data" */
export async function holdsParquetTable(path: string): Promise<boolean> {
  const [first] = /\.parquet$/i.test(path) ? [path] : (await parquetFiles(path)).train;
  return withParquet(first!, isParquetTable);
}

/** The table that Parquet files hold together. @param where what messages name */
export async function parquetSource(paths: readonly string[], where = paths[0]!): Promise<TableSource> {
  const tables = new Map<string, ParquetTable>();
  for (const path of paths) tables.set(path, await withParquet(path, parseParquetTable));
  return parquetSourceOf(tables, where);
}
