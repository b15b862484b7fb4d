import { randomKey } from "../../engine/index.ts";
import { cliques, rankGroups } from "./cliques.ts";
import { type Complete, complete, coverage } from "./coverage.ts";
import { type Friedman, friedman } from "./friedman.ts";
import { type DrawOptions, differenceIntervals, type RunsOfBlocks, rankIntervals } from "./hierarchicalBootstrap.ts";
import { holm } from "./holm.ts";
import { type Interval, studentInterval } from "./interval.ts";
import { mean } from "./mean.ts";
import { criticalDifference, nemenyiP } from "./nemenyi.ts";
import { pairedT } from "./pairedT.ts";
import { type Better, meanRanks } from "./ranks.ts";
import { type SignedRank, signedRank } from "./wilcoxon.ts";
import { type Measured, type WinTieLoss, winTieLoss } from "./winTieLoss.ts";

/** Blocks below which ranks are not tested: with fewer even an order that is the same everywhere proves nothing. */
export const fewestBlocks = 6;

/** Runs of methods on blocks: a block is a dataset with a number of images a class, a run a condensed set with its mean. */
export interface Runs {
  readonly methods: readonly string[];
  readonly blocks: readonly string[];
  /** One value a condensed set; none where the cell has no result. */
  readonly at: (method: string, block: string) => readonly number[] | undefined;
}

/** Two methods held against each other over the blocks that are compared. */
export interface Pair {
  readonly own: string;
  readonly other: string;
  /** The mean difference over blocks, own less other, with its interval by the bootstrap over blocks and runs. */
  readonly difference: number;
  readonly interval: Interval;
  readonly wilcoxon: SignedRank;
  /** Wilcoxon's p, adjusted for all pairs (Holm). */
  readonly holm: number;
  readonly winTieLoss: WinTieLoss;
}

/** The test that a table warrants, and what came of it. */
export type Test =
  | {
      readonly kind: "friedman";
      readonly friedman: Friedman;
      /** Nemenyi's critical difference, and the groups of methods that it does not part, by position among the compared. */
      readonly criticalDifference: number;
      readonly groups: readonly (readonly number[])[];
      /** Nemenyi's p of every two, [methods][methods]. */
      readonly nemenyi: readonly (readonly number[])[];
      /** The groups of which no two are parted by Wilcoxon's test with Holm's adjustment; they may overlap. */
      readonly cliques: readonly (readonly number[])[];
    }
  | { readonly kind: "paired"; readonly t: number; readonly p: number; readonly wilcoxon: SignedRank }
  | { readonly kind: "none"; readonly reason: string };

/** Methods compared over the blocks that all of them have. */
export interface Comparison {
  /** What was compared, and what was left out for gaps. */
  readonly compared: Complete;
  /** The share of all blocks that each method has. */
  readonly coverage: ReadonlyMap<string, number>;
  /** Mean ranks of the compared methods, 1 the best, with intervals over the runs. */
  readonly ranks: readonly number[];
  readonly rankIntervals: readonly Interval[];
  readonly pairs: readonly Pair[];
  readonly test: Test;
}

export interface CompareOptions {
  readonly better: Better;
  /** The root of the bootstrap's draws. */
  readonly seed?: number;
  readonly alpha?: number;
  readonly draws?: number;
}

/**
 * Compares methods over blocks (Demšar 2006, with Holm's Wilcoxon beside Nemenyi as Benavoli et al. 2016 ask): ranks, the test that
 * the table warrants, and every pair. A method or block with gaps is left out and named, never averaged over what is there.
 */
export function compare(
  { methods, blocks, at }: Runs,
  { better, seed = 0, alpha = 0.05, draws = 2000 }: CompareOptions,
): Comparison {
  const runsAt = (m: string, b: string) => {
    const runs = at(m, b);
    return runs && runs.length > 0 ? runs : undefined;
  };
  const table = {
    methods,
    blocks,
    at: (m: string, b: string) => {
      const runs = runsAt(m, b);
      return runs && mean(runs);
    },
  };
  const compared = complete(table);
  const covered = coverage(table);
  const [k, n] = [compared.methods.length, compared.blocks.length];
  if (k === 0)
    return {
      compared,
      coverage: covered,
      ranks: [],
      rankIntervals: [],
      pairs: [],
      test: { kind: "none", reason: "no block has results of all methods" },
    };
  const runs = compared.blocks.map((b) => compared.methods.map((m) => runsAt(m, b)!));
  const root = randomKey(seed).fold("compare");
  const drawing = { level: 1 - alpha, draws };
  const pairs = pairsOf(compared, runs, { key: root.fold("pairs"), ...drawing }, better);
  const ranks = meanRanks(compared.values, better);
  return {
    compared,
    coverage: covered,
    ranks,
    rankIntervals: rankIntervals(runs, better, { key: root.fold("ranks"), ...drawing }),
    pairs,
    test: testOf(compared, pairs, ranks, { better, alpha, k, n }),
  };
}

function pairsOf({ methods, values }: Complete, runs: RunsOfBlocks, drawing: DrawOptions, better: Better): Pair[] {
  const both = methods.flatMap((_, a) => methods.slice(a + 1).map((_m, i) => [a, a + 1 + i] as const));
  const intervals = differenceIntervals(runs, both, drawing);
  const cells = runs.map((row) => row.map(measured));
  const raw = both.map(([a, b], i) => {
    const differences = values.map((row) => row[a]! - row[b]!);
    return {
      own: methods[a]!,
      other: methods[b]!,
      difference: mean(differences),
      interval: intervals[i]!,
      wilcoxon: signedRank(differences),
      winTieLoss: winTieLoss(
        cells.map((row) => [row[a]!, row[b]!]),
        better,
      ),
    };
  });
  const adjusted = holm(raw.map(({ wilcoxon }) => wilcoxon.p));
  return raw.map((pair, i) => ({ ...pair, holm: adjusted[i]! }));
}

/** A cell's mean with Student's interval; of a single run nobody knows the spread, so that it is everything. */
function measured(runs: readonly number[]): Measured {
  const everything = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return { mean: mean(runs), ...(studentInterval(runs) ?? everything) };
}

function testOf(
  { methods, values }: Complete,
  pairs: readonly Pair[],
  ranks: readonly number[],
  { better, alpha, k, n }: { better: Better; alpha: number; k: number; n: number },
): Test {
  if (k < 2) return { kind: "none", reason: `${methods[0]} is the only method with results everywhere` };
  if (n < fewestBlocks)
    return {
      kind: "none",
      reason: `${n} complete ${n === 1 ? "block" : "blocks"} of dataset and images a class, and ranks are tested on ${fewestBlocks} or more`,
    };
  if (k === 2) {
    const differences = values.map(([a, b]) => a! - b!);
    return { kind: "paired", ...pairedT(differences)!, wilcoxon: pairs[0]!.wilcoxon };
  }
  const difference = criticalDifference(k, n, alpha);
  const parted = new Set(pairs.filter((p) => p.holm < alpha).map(({ own, other }) => `${own}\n${other}`));
  const alike = (a: number, b: number) => !parted.has(`${methods[Math.min(a, b)]}\n${methods[Math.max(a, b)]}`);
  return {
    kind: "friedman",
    friedman: friedman(values, better),
    criticalDifference: difference,
    groups: rankGroups(ranks, difference),
    nemenyi: ranks.map((a, i) => ranks.map((b, j) => (i === j ? 1 : nemenyiP(a - b, k, n)))),
    cliques: cliques(k, alike),
  };
}
