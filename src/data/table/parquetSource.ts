import { badData } from "../badData.ts";
import type { ParquetTable } from "../formats/parquetTable.ts";
import { type CellRow, cellSourceOf, type TableSource } from "./tableSource.ts";
import { fileName } from "./tableSplits.ts";

/**
 * The table that Parquet files hold together as a source.
 *
 * @param tables by what messages name each @throws AttarError "bad-data" where their columns differ
 */
export function parquetSourceOf(tables: ReadonlyMap<string, ParquetTable>, where: string): TableSource {
  const [firstPath, first] = [...tables][0]!;
  for (const [path, { names }] of tables)
    if (names.join("\n") !== first.names.join("\n"))
      throw badData(path, `has other columns than ${fileName(firstPath)}`, "Give all files of a split the same.");
  return cellSourceOf({ where, format: "Parquet", declared: { notes: first.notes } }, [0, first.names], function* () {
    let row = 0;
    for (const { columns, rows } of tables.values())
      for (let i = 0; i < rows; i++) yield [++row, columns.map((cells) => cells[i])] satisfies CellRow;
  });
}
