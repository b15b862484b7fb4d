import type { Store } from "../store/store.ts";
import { rowsIn } from "./readRows.node.ts";
import type { Row } from "./row.ts";

/** Rows of finished cells that a store took in from elsewhere, looked up. */
export class Taken {
  private readonly byCell = new Map<string, Row[]>();

  constructor(readonly rows: readonly Row[]) {
    for (const row of rows) {
      const own = this.byCell.get(row.cell);
      if (own) own.push(row);
      else this.byCell.set(row.cell, [row]);
    }
  }

  /** The rows of a cell that were made by the job of that key, or of the set that it made. */
  of(cell: string, key: string): readonly Row[] {
    return (this.byCell.get(cell) ?? []).filter((row) => (row.parents ?? row.key) === key);
  }
}

/** @throws AttarError "bad-rows" where what was taken in is damaged */
export async function takenIn(store: Store): Promise<Taken> {
  const texts = await store.takenRows();
  return new Taken([...texts].flatMap(([name, text]) => rowsIn(text, `${store.where}/${name}`)));
}
