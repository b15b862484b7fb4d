import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Dataset } from "../dataset.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { twinNames } from "../splitNames.ts";
import { loadTable as loadTableOf } from "../table/loadTable.ts";
import type { TableSource } from "../table/tableSource.ts";
import { fileSource } from "./fileSource.node.ts";

/**
 * Reads a table with a label column. Where the file's name says "train", the file beside it that says "test" instead (or "val", "valid",
 * "validation") is the test split; one without labels is left out.
 *
 * @param tests sources of the test split, likeliest first; those beside the training file where left out
 * @throws AttarError "bad-data"
 */
export const loadTable = (
  source: TableSource,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
  tests?: readonly TableSource[],
): Promise<Dataset> =>
  loadTableOf(source, name, kind, options, {
    named: fileSource,
    likely: async () => tests ?? Promise.all(besideOf(source.where).map(fileSource)),
  });

const besideOf = (path: string): string[] =>
  twinNames(basename(path))
    .map((file) => join(dirname(path), file))
    .filter((twin) => twin !== path && existsSync(twin));
