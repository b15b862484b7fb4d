import { loadHighs } from "../wasserstein/highs.ts";
import { type CoverProgramme, type CoverSolution, solveCover } from "./coverProgramme.ts";

/** The columns that cover each row: ascending positions. */
export type CoverRows = readonly (readonly number[])[];

export interface Cover {
  /** Chosen columns; undefined where none were found that fit the limit. */
  readonly chosen?: readonly number[];
  /** No cover has fewer columns; more than the limit where the limit is proven too small. */
  readonly atLeast: number;
  /** True where HiGHS was asked. */
  readonly asked?: boolean;
}

/** Rounds of the greedy cover in which the rows that were left uncovered gain weight. */
const rounds = 100;

/**
 * Greedy set cover: the column that covers the greatest weight not covered yet, again and again. Weights are 1 in the first round, whose
 * cover has at most ln(rows) + 1 times too many columns; where `most` columns leave rows uncovered, those rows gain weight and
 * another round begins.
 *
 * @returns undefined where no round covers every row with so many columns.
 */
export function greedyCover(rows: CoverRows, columns: number, most = columns): number[] | undefined {
  const covers: number[][] = Array.from({ length: columns }, () => []);
  for (const [i, near] of rows.entries()) for (const j of near) covers[j]!.push(i);
  const weight = new Int32Array(rows.length).fill(1);
  for (let round = 0; round < rounds; round++) {
    const gain = Int32Array.from(covers, (own) => own.reduce((sum, i) => sum + weight[i]!, 0));
    const left = new Set(rows.keys());
    const chosen: number[] = [];
    while (chosen.length < most && left.size > 0) {
      let best = 0;
      for (let j = 1; j < columns; j++) if (gain[j]! > gain[best]!) best = j;
      if (gain[best] === 0) return undefined;
      chosen.push(best);
      for (const i of covers[best]!) if (left.delete(i)) for (const j of rows[i]!) gain[j] = gain[j]! - weight[i]!;
    }
    if (left.size === 0) return chosen;
    for (const i of left) weight[i] = weight[i]! + 1;
  }
  return undefined;
}

/** The columns that cover no subset of the rows that another one covers; of equal ones the first. Ascending. */
function undominated(rows: CoverRows, columns: number): number[] {
  const words = Math.ceil(rows.length / 32);
  const covered = new Int32Array(columns * words);
  const count = new Int32Array(columns);
  for (const [i, near] of rows.entries())
    for (const j of near) {
      covered[j * words + (i >> 5)]! |= 1 << (i & 31);
      count[j] = count[j]! + 1;
    }
  const within = (j: number, other: number) => {
    for (let w = 0; w < words; w++) if (covered[j * words + w]! & ~covered[other * words + w]!) return false;
    return true;
  };
  const kept: number[] = [];
  const order = Array.from(count.keys()).filter((j) => count[j]! > 0);
  for (const j of order.sort((a, b) => count[b]! - count[a]! || a - b))
    if (!kept.some((other) => within(j, other))) kept.push(j);
  return kept.sort((a, b) => a - b);
}

/** The effort that is put into a set cover; both limits are the same on every machine, as a time would not be. */
export interface CoverLimit {
  /** Nodes of branch and bound after which HiGHS stops, with the best cover and bound so far; 0 leaves it to the greedy cover. */
  readonly nodes: number;
  /** Entries, a column that covers a row each, up to which HiGHS is asked at all. No limit by default. */
  readonly entries?: number;
}

/**
 * The least number of columns that cover every row, min 1ᵀs with A s >= 1 and s binary: by HiGHS with the greedy cover as
 * its start, over the columns that no other one makes superfluous. With `most`, only the question whether so many suffice, which the
 * greedy cover may answer alone. In Node HiGHS runs in a thread of its own.
 *
 * @param most the number of columns that are to suffice
 */
export async function minimumCover(
  rows: CoverRows,
  columns: number,
  { nodes, entries = Number.POSITIVE_INFINITY }: CoverLimit,
  { most = columns, signal }: { readonly most?: number; readonly signal?: AbortSignal } = {},
): Promise<Cover> {
  if (rows.some((near) => near.length === 0)) return { atLeast: Number.POSITIVE_INFINITY };
  const limited = most < columns;
  const greedy = greedyCover(rows, columns, most);
  // The greedy cover's one column is the best there is.
  if (limited && most === 1 && !greedy) return { atLeast: 2 };
  if ((limited && greedy) || nodes === 0) return { ...(greedy && { chosen: greedy }), atLeast: 1 };
  const kept = undominated(rows, columns);
  const place = new Int32Array(columns).fill(-1);
  for (const [p, j] of kept.entries()) place[j] = p;
  const small = rows.map((near) => near.map((j) => place[j]!).filter((p) => p >= 0));
  const indices = Int32Array.from(small.flat());
  if (indices.length > entries) return { ...(greedy && { chosen: greedy }), atLeast: 1 };
  const starts = Int32Array.from([0, ...small.map((near) => near.length)]);
  for (let i = 1; i < starts.length; i++) starts[i] = starts[i]! + starts[i - 1]!;
  const question = limited ? { most } : { known: greedyCover(small, kept.length) ?? [] };
  const programme = { columns: kept.length, starts, indices, nodes, ...question };
  const { infeasible, bound, values } = await solved(programme, signal);
  if (infeasible) return { atLeast: most + 1, asked: true };
  const atLeast = Number.isFinite(bound) ? Math.max(1, Math.ceil(bound - 1e-6)) : 1;
  const best = kept.filter((_, p) => (values?.[p] ?? 0) > 0.5);
  const covering = best.length > 0 && small.every((near) => near.some((p) => values![p]! > 0.5));
  const chosen = covering && best.length <= most ? best : greedy;
  return { ...(chosen && { chosen }), atLeast, asked: true };
}

async function solved(programme: CoverProgramme, signal?: AbortSignal): Promise<CoverSolution> {
  if (typeof process === "undefined" || !process.versions?.node) return solveCover(await loadHighs(), programme);
  // Bundlers for the browser must not follow the path: it is put together at run time.
  const file = `coverThread.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
  const thread: typeof import("./coverThread.node.ts") = await import(
    /* @vite-ignore */ new URL(file, import.meta.url).href
  );
  return thread.solveCoverInThread(programme, signal);
}
