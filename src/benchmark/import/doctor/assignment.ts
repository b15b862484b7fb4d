/**
 * The assignment of columns to rows with the largest sum, one each (Kuhn 1955; shortest augmenting paths, cubic in the size).
 *
 * @param gain [k][k]
 * @returns the column of each row
 */
export function assignment(gain: readonly (readonly number[])[]): number[] {
  const k = gain.length;
  const [rowPrice, columnPrice] = [new Float64Array(k + 1), new Float64Array(k + 1)];
  /** The row, from 1, that has each column; 0 for none. */
  const rowOf = new Int32Array(k + 1);
  for (let row = 1; row <= k; row++) {
    const least = new Float64Array(k + 1).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(k + 1);
    const seen = new Uint8Array(k + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      seen[column] = 1;
      const from = rowOf[column]!;
      let [delta, next] = [Number.POSITIVE_INFINITY, 0];
      for (let c = 1; c <= k; c++) {
        if (seen[c]) continue;
        const cost = -gain[from - 1]![c - 1]! - rowPrice[from]! - columnPrice[c]!;
        if (cost < least[c]!) [least[c], before[c]] = [cost, column];
        if (least[c]! < delta) [delta, next] = [least[c]!, c];
      }
      for (let c = 0; c <= k; c++)
        if (seen[c]) {
          rowPrice[rowOf[c]!]! += delta;
          columnPrice[c]! -= delta;
        } else least[c]! -= delta;
      column = next;
    } while (rowOf[column] !== 0);
    do {
      const previous = before[column]!;
      rowOf[column] = rowOf[previous]!;
      column = previous;
    } while (column !== 0);
  }
  const out = new Array<number>(k);
  for (let c = 1; c <= k; c++) out[rowOf[c]! - 1] = c - 1;
  return out;
}
