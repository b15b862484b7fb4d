import type { TableRecord } from "../csv/records.ts";

const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A record of cells that are in memory: numbers, texts, or nothing where a value is missing. */
export class CellRecord implements TableRecord {
  constructor(
    readonly line: number,
    private readonly cells: readonly (number | string | undefined)[],
  ) {}

  get width(): number {
    return this.cells.length;
  }

  number(column: number): number {
    const cell = this.cells[column];
    if (typeof cell === "string") return plain.test(cell) ? Number(cell) : Number.NaN;
    return cell === undefined || !Number.isFinite(cell) ? Number.NaN : cell;
  }

  text(column: number): string {
    const cell = this.cells[column];
    return cell === undefined || Number.isNaN(cell) ? "" : String(cell);
  }

  texts(): string[] {
    return this.cells.map((_, column) => this.text(column));
  }
}
