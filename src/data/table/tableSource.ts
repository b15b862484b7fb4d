import type { Declared } from "../csv/layout.ts";
import { CsvReader, type TableRecord } from "../csv/records.ts";
import { CellRecord } from "./cellRecord.ts";

/** A table in a file, which is gone through as often as need be. */
export interface TableSource {
  readonly where: string;
  /** The format in words. */
  readonly format: string;
  /** True where the first record holds names, whatever it looks like. */
  readonly header?: true;
  /** What the format says of its columns. */
  readonly declared?: Declared;
  /** Hands over each record, and remarks; resolves to what separates cells. @throws AttarError "bad-data" */
  read(onRecord: (record: TableRecord) => void, onRemark?: (text: string) => void): Promise<string>;
}

/** A CSV as a source. @param pieces its bytes, from the start each time */
export const csvSourceOf = (where: string, pieces: () => AsyncIterable<Uint8Array>): TableSource => ({
  where,
  format: "CSV",
  async read(onRecord, onRemark) {
    const reader = new CsvReader(where, onRecord, onRemark);
    for await (const piece of pieces()) reader.push(piece);
    reader.end();
    return reader.separator;
  },
});

/** A row of cells, and the line or row that it is, from 1. */
export type CellRow = readonly [line: number, cells: ConstructorParameters<typeof CellRecord>[1]];

/** Rows of cells under names as a source. */
export const cellSourceOf = (
  { where, format, declared }: Pick<TableSource, "where" | "format" | "declared">,
  names: CellRow,
  rows: () => Iterable<CellRow>,
): TableSource => ({
  where,
  format,
  header: true,
  ...(declared && { declared }),
  async read(onRecord) {
    onRecord(new CellRecord(...names));
    for (const row of rows()) onRecord(new CellRecord(...row));
    return ",";
  },
});
