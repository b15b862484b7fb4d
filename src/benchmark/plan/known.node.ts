import { type JobKind, versions } from "../jobs/job.ts";
import { takenIn } from "../rows/taken.node.ts";
import type { Store } from "../store/store.ts";
import type { Cells } from "./cells.node.ts";
import type { Known } from "./plan.node.ts";

const kinds = Object.keys(versions) as JobKind[];

/** What a store has, as far as the planner of these cells asks: names of results, and of sets the results themselves. */
export async function knownIn(store: Store, cells: Cells): Promise<Known> {
  const [keys, attempts, stopped, taken] = await Promise.all([
    Promise.all(kinds.map((kind) => store.keys(kind))),
    store.attempts(),
    store.stopped(),
    takenIn(store),
  ]);
  const done = Object.fromEntries(kinds.map((kind, i) => [kind, keys[i]!])) as Record<JobKind, Set<string>>;
  const wanted = { condense: new Set<string>(), import: new Set<string>(), experts: new Set<string>() };
  for (const { job, artefacts = [] } of cells.sets)
    for (const one of job && !done[job.kind].has(job.key) ? artefacts : job ? [job] : [])
      if (done[one.kind].has(one.key)) wanted[one.kind].add(one.key);
  const found = await Promise.all(
    (["condense", "import", "experts"] as const).map((kind) => store.results(kind, [...wanted[kind]])),
  );
  const sets = new Map(found.flatMap((results) => [...results]));
  return { done, sets, attempts, stopped, taken, now: Date.now() };
}
