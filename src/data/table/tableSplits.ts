import type { Layout } from "../csv/layout.ts";
import type { OtherLayout } from "../csv/likeTrain.ts";
import type { TableSource } from "./tableSource.ts";

/** A split of a table: where it is read, and what its columns are. */
export interface TablePart {
  readonly source: TableSource;
  readonly layout: OtherLayout;
}

/** The splits of a table before their cells are read. */
export interface TableSplits {
  readonly source: TableSource;
  readonly layout: Layout;
  readonly test?: TablePart;
  /** What was passed over. */
  readonly notes: readonly string[];
}

/** The last part of what a source is called. */
export const fileName = (where: string): string => where.split(/[\\/]/).at(-1)!;
