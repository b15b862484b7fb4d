import { type JobKind, versions } from "../jobs/job.ts";
import type { Store } from "../store/store.ts";
import type { Cells } from "./cells.node.ts";
import type { Known } from "./plan.node.ts";

const kinds = Object.keys(versions) as JobKind[];

/** What a store has, as far as the planner of these cells asks: names of results, and of sets the results themselves. */
export async function knownIn(store: Store, cells: Cells): Promise<Known> {
  const [keys, attempts, stopped] = await Promise.all([
    Promise.all(kinds.map((kind) => store.keys(kind))),
    store.attempts(),
    store.stopped(),
  ]);
  const done = Object.fromEntries(kinds.map((kind, i) => [kind, keys[i]!])) as Record<JobKind, Set<string>>;
  const wanted = { condense: new Set<string>(), import: new Set<string>() };
  for (const { job } of cells.sets) if (job && done[job.kind].has(job.key)) wanted[job.kind].add(job.key);
  const [condensed, imported] = await Promise.all([
    store.results("condense", [...wanted.condense]),
    store.results("import", [...wanted.import]),
  ]);
  return { done, sets: new Map([...condensed, ...imported]), attempts, stopped, now: Date.now() };
}
