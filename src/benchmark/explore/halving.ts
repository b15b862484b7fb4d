/** What a candidate costs, in seconds. */
export interface CandidateCost {
  /** Of a step; 0 of a coreset, which takes none. */
  readonly perStep: number;
  /** Of a run beside its steps. */
  readonly start: number;
  /** Of its score on held-out rows. */
  readonly scoring: number;
  /** Of its score at the end. */
  readonly finalScoring: number;
}

export interface HalvingOptions {
  /** Seconds for all rungs and the final runs. */
  readonly seconds: number;
  readonly eta: number;
  /** Steps that a candidate takes at least. */
  readonly leastSteps: number;
  readonly costs: readonly CandidateCost[];
  /** Runs at the end: sets that are made anew and scored on the test split. */
  readonly finals: number;
}

/** How many candidates run for how long. */
export interface Schedule {
  /** Candidates of every rung. */
  readonly sizes: readonly number[];
  /** Steps in the first rung, by the candidate's position; undefined of those that are too slow. A rung later has eta times as many. */
  readonly steps: readonly (number | undefined)[];
  /** Seconds of steps that a candidate of the first rung has. */
  readonly share: number;
}

/** The sizes of rungs: each the eta-th part of the one before, rounded up, until no more than eta are left. */
export function rungSizes(candidates: number, eta: number): number[] {
  const sizes = [candidates];
  for (let size = candidates; size > eta; ) {
    size = Math.ceil(size / eta);
    sizes.push(size);
  }
  return sizes;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Divides a budget: every candidate of a rung has the same seconds for steps, each survivor eta times more in the next, and the runs
 * at the end as many as the last rung. Candidates that would take fewer than the least steps are left out, the slowest first; at
 * least half of them, and two, must be left.
 *
 * @returns the schedule, or the least seconds that would do
 */
export function halving(options: HalvingOptions): Schedule | { readonly least: number } {
  const { seconds, eta, leastSteps, costs, finals } = options;
  const order = costs.map((_, i) => i).sort((a, b) => costs[a]!.perStep - costs[b]!.perStep || a - b);
  const fewest = Math.min(costs.length, Math.max(2, Math.ceil(costs.length / 2)));
  let least = Number.POSITIVE_INFINITY;
  for (let count = costs.length; count >= fewest; count--) {
    const kept = order.slice(0, count).map((i) => costs[i]!);
    const sizes = rungSizes(count, eta);
    const runs = sizes.reduce((sum, size) => sum + size, 0);
    const beside =
      runs * mean(kept.map(({ start, scoring }) => start + scoring)) +
      finals * mean(kept.map(({ start, finalScoring }) => start + finalScoring));
    // Shares of the first rung that all rungs and the final runs take together.
    const shares = sizes.reduce((sum, size, rung) => sum + size * eta ** rung, finals * eta ** (sizes.length - 1));
    const slowest = kept.at(-1)!.perStep;
    least = Math.min(least, beside + shares * slowest * leastSteps);
    const share = (seconds - beside) / shares;
    if (share <= 0 || share < slowest * leastSteps) continue;
    const chosen = new Set(order.slice(0, count));
    const steps = costs.map(({ perStep }, i) => {
      if (!chosen.has(i)) return undefined;
      return perStep > 0 ? Math.max(leastSteps, Math.floor(share / perStep)) : 0;
    });
    return { sizes, steps, share };
  }
  return { least };
}

/**
 * The candidates that go on: the best ones by score, equal ones in their order. Those without a score do not.
 *
 * @param scores by position; undefined where there is none
 * @returns positions, the best first
 */
export function survivors(scores: readonly (number | undefined)[], count: number): number[] {
  const there = scores.flatMap((score, i) => (score === undefined ? [] : [{ score, i }]));
  there.sort((a, b) => b.score - a.score || a.i - b.i);
  return there.slice(0, count).map(({ i }) => i);
}
