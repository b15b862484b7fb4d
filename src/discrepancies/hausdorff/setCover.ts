import { loadHighs } from "../wasserstein/highs.ts";
import { type CoverProgramme, type CoverSolution, solveCover } from "./coverProgramme.ts";

/** Which columns cover each row: ascending positions. */
export type CoverRows = readonly (readonly number[])[];

export interface Cover {
  /** Chosen columns; undefined where none were found that fit the limit. */
  readonly chosen?: readonly number[];
  /** No cover has fewer columns; more than the limit where the limit is proven too small. */
  readonly atLeast: number;
}

/** Greedy set cover: the column that covers most rows not covered yet, again and again. At most ln(rows) + 1 times too many. */
export function greedyCover(rows: CoverRows, columns: number): number[] {
  const covers: number[][] = Array.from({ length: columns }, () => []);
  for (const [i, near] of rows.entries()) for (const j of near) covers[j]!.push(i);
  const gain = Int32Array.from(covers, (c) => c.length);
  const covered = new Uint8Array(rows.length);
  const chosen: number[] = [];
  for (let left = rows.length; left > 0; ) {
    let best = 0;
    for (let j = 1; j < columns; j++) if (gain[j]! > gain[best]!) best = j;
    if (gain[best] === 0) return chosen;
    chosen.push(best);
    for (const i of covers[best]!) {
      if (covered[i]) continue;
      covered[i] = 1;
      left--;
      for (const j of rows[i]!) gain[j] = gain[j]! - 1;
    }
  }
  return chosen;
}

/**
 * The least number of columns that cover every row, min 1ᵀs with A s >= 1 and s binary, by HiGHS with the greedy cover as
 * its start. With `most`, only the question whether so many suffice. In Node HiGHS runs in a thread of its own.
 *
 * @param nodes of branch and bound after which HiGHS stops, with the best cover and bound so far; 0 takes the greedy cover. Never a
 * time, so that the answer does not depend on the machine.
 * @param most the number of columns that are to suffice
 */
export async function minimumCover(
  rows: CoverRows,
  columns: number,
  nodes: number,
  { most = columns, signal }: { readonly most?: number; readonly signal?: AbortSignal } = {},
): Promise<Cover> {
  if (rows.some((near) => near.length === 0)) return { atLeast: Number.POSITIVE_INFINITY };
  const greedy = greedyCover(rows, columns);
  const limited = most < columns;
  if (limited && greedy.length <= most) return { chosen: greedy, atLeast: 1 };
  if (nodes === 0) return limited ? { atLeast: 1 } : { chosen: greedy, atLeast: 1 };
  const starts = Int32Array.from([0, ...rows.map((near) => near.length)]);
  for (let i = 1; i < starts.length; i++) starts[i] = starts[i]! + starts[i - 1]!;
  const indices = Int32Array.from(rows.flat());
  const question = limited ? { most } : { known: greedy };
  const { infeasible, bound, values } = await solved({ columns, starts, indices, nodes, ...question }, signal);
  if (infeasible) return { atLeast: most + 1 };
  const atLeast = Number.isFinite(bound) ? Math.max(1, Math.ceil(bound - 1e-6)) : 1;
  const chosen = Array.from(values ?? [])
    .map((v, j) => (v > 0.5 ? j : -1))
    .filter((j) => j >= 0);
  const covering = chosen.length > 0 && rows.every((near) => near.some((j) => values![j]! > 0.5));
  if (covering && chosen.length <= most) return { chosen, atLeast };
  return limited ? { atLeast } : { chosen: greedy, atLeast };
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
