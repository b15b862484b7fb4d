import type { RandomKey } from "../../engine/index.ts";
import { percentileInterval } from "./bootstrap.ts";
import type { Interval } from "./interval.ts";
import { type Better, meanRanks } from "./ranks.ts";

export interface DrawOptions {
  /** The root of all draws: equal keys give equal intervals. */
  readonly key: RandomKey;
  readonly level?: number;
  readonly draws?: number;
}

/** Runs of every method on some blocks, [blocks][methods]; none is empty. */
export type RunsOfBlocks = readonly (readonly (readonly number[])[])[];

/** The mean of each cell's runs when these are drawn anew with replacement, [blocks][methods]. */
function drawnMeans(runs: RunsOfBlocks, key: RandomKey): number[][] {
  const unit = key.uniform(runs.reduce((sum, row) => sum + row.reduce((n, own) => n + own.length, 0), 0));
  let at = 0;
  return runs.map((row) =>
    row.map((own) => {
      const n = own.length;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += own[Math.floor(unit[at++]! * n)]!;
      return sum / n;
    }),
  );
}

/**
 * The intervals of the mean differences of methods over blocks, by the bootstrap in two stages: blocks are drawn, then within each
 * the runs of every method. Runs of a block are no blocks: drawn together they would pass for many datasets.
 *
 * @param pairs positions of two methods each: the first less the second
 */
export function differenceIntervals(
  runs: RunsOfBlocks,
  pairs: readonly (readonly [number, number])[],
  { key, level = 0.95, draws = 2000 }: DrawOptions,
): Interval[] {
  const n = runs.length;
  const each = pairs.map(() => new Float64Array(draws));
  for (let b = 0; b < draws; b++) {
    const at = key.fold(b);
    const chosen = Array.from(at.uniform(n), (u) => runs[Math.floor(u * n)]!);
    const means = drawnMeans(chosen, at.fold("runs"));
    for (const [p, [own, other]] of pairs.entries())
      each[p]![b] = means.reduce((sum, row) => sum + row[own]! - row[other]!, 0) / n;
  }
  return each.map((differences) => percentileInterval([...differences.sort()], level));
}

/**
 * The interval of each method's mean rank when the runs of every cell are drawn anew: how far a rank is due to the sets that happened
 * to be condensed. For tables of too few blocks to test ranks on.
 */
export function rankIntervals(
  runs: RunsOfBlocks,
  better: Better,
  { key, level = 0.95, draws = 2000 }: DrawOptions,
): Interval[] {
  const each = Array.from({ length: draws }, (_, b) => meanRanks(drawnMeans(runs, key.fold(b)), better));
  return runs[0]!.map((_, m) =>
    percentileInterval(
      each.map((ranks) => ranks[m]!).sort((a, b) => a - b),
      level,
    ),
  );
}
