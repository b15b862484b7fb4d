import { matcher } from "../study/glob.ts";
import type { Cells } from "./cells.node.ts";

/** One of several equal shares of a study. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** The cells that a pattern names, and of these a share. A set stays whole with its scores unless the pattern names some of them. */
export function narrowed(cells: Cells, { only, shard }: { only?: string; shard?: Shard }): Cells {
  if (only === undefined && shard === undefined) return cells;
  const fits = only === undefined ? () => true : matcher(only);
  const mine = (_: unknown, i: number) => shard === undefined || i % shard.of === shard.number - 1;
  const sets = cells.sets.flatMap((set) => {
    if (fits(set.name, set.job?.key)) return [set];
    const scores = set.scores.filter(({ name }) => fits(name));
    if (scores.length === 0) return [];
    const { job } = set;
    const then = job?.then && { ...job.then, scores: job.then.scores.filter(({ name }) => fits(name)) };
    return [{ ...set, scores, ...(job && { job: { ...job, ...(then && { then }) } }) }];
  });
  const kept = sets.filter(mine);
  const needed = new Set(kept.flatMap(({ measured = [] }) => measured));
  return {
    ...cells,
    probes: cells.probes.filter(({ name, job }) => needed.has(job.key) || (only !== undefined && fits(name, job.key))),
    sets: kept,
    references: cells.references.filter(({ name, job }) => fits(name, job?.key)).filter(mine),
  };
}
