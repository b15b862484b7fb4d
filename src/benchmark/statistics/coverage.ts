/** Values by method and block; a cell without a value has none, and never a mean of what happened to be there. */
export interface Table {
  readonly methods: readonly string[];
  readonly blocks: readonly string[];
  /** The value of a method on a block. */
  readonly at: (method: string, block: string) => number | undefined;
}

/** What of a table can be compared: methods on blocks that all of them have. */
export interface Complete {
  readonly methods: readonly string[];
  readonly blocks: readonly string[];
  /** [blocks][methods]. */
  readonly values: readonly (readonly number[])[];
  /** What was left out so that nothing is missing, to be said beside any figure. */
  readonly without: { readonly methods: readonly string[]; readonly blocks: readonly string[] };
}

/** The share of the blocks on which each method has a value: a column of every table. */
export const coverage = ({ methods, blocks, at }: Table): Map<string, number> =>
  new Map(methods.map((m) => [m, blocks.filter((b) => at(m, b) !== undefined).length / blocks.length]));

/**
 * The part of a table without gaps: first blocks go that less than half of the methods have, such as one that was just begun; then
 * every method that lacks one of the others. So no method loses its place to another one's gap.
 */
export function complete({ methods, blocks, at }: Table): Complete {
  const has = (m: string, b: string) => at(m, b) !== undefined;
  const over = blocks.filter((b) => 2 * methods.filter((m) => has(m, b)).length >= methods.length);
  const kept = over.length === 0 ? [] : methods.filter((m) => over.every((b) => has(m, b)));
  const left = kept.length === 0 ? [] : over;
  return {
    methods: kept,
    blocks: left,
    values: left.map((b) => kept.map((m) => at(m, b)!)),
    without: {
      methods: methods.filter((m) => !kept.includes(m)),
      blocks: blocks.filter((b) => !left.includes(b)),
    },
  };
}
