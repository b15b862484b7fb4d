import type { Declared } from "../csv/layout.ts";
import { CsvReader, type TableRecord } from "../csv/records.ts";
import { filePieces } from "./filePieces.node.ts";

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

/** A CSV as a source, read in pieces. */
export const csvSource = (path: string): TableSource => ({
  where: path,
  format: "CSV",
  async read(onRecord, onRemark) {
    const reader = new CsvReader(path, onRecord, onRemark);
    for await (const piece of filePieces(path)) reader.push(piece);
    reader.end();
    return reader.separator;
  },
});
