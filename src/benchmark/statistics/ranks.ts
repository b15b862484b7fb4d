/** The direction in which values are good. */
export type Better = "higher" | "lower";

/** Ranks from 1, the best, on; equal values share the mean of the ranks that they take. */
export function ranks(values: readonly number[], better: Better): number[] {
  const sign = better === "higher" ? -1 : 1;
  const order = values.map((_, i) => i).sort((a, b) => sign * (values[a]! - values[b]!));
  const out = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const i of order.slice(from, to)) out[i] = (from + 1 + to) / 2;
    from = to;
  }
  return out;
}

/** The mean over blocks of each method's rank within them. @param blocks values [blocks][methods], none missing */
export function meanRanks(blocks: readonly (readonly number[])[], better: Better): number[] {
  const each = blocks.map((values) => ranks(values, better));
  return blocks[0]!.map((_, m) => each.reduce((sum, row) => sum + row[m]!, 0) / blocks.length);
}

/** The sizes of groups of equal values. */
export function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts.values()].filter((n) => n > 1);
}
