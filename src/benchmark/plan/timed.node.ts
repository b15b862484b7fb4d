import type { AnyJob, JobKind } from "../jobs/job.ts";
import type { Store } from "../store/store.ts";
import { Pace } from "./pace.ts";
import type { Plan } from "./plan.node.ts";

/** Results of a kind that are looked at: enough for a mean. */
const looked = 200;

/** The pace of a study's jobs, from what the store has of them. */
export async function paceOf(plan: Plan, store: Store): Promise<Pace> {
  const pace = new Pace();
  const byKind = new Map<JobKind, Map<string, AnyJob>>();
  for (const { state, job } of plan.cells) {
    if (state !== "done" || !job) continue;
    const jobs = byKind.get(job.kind) ?? new Map<string, AnyJob>();
    byKind.set(job.kind, jobs.set(job.key, job));
  }
  for (const [kind, jobs] of byKind)
    for (const [key, { made }] of await store.results(kind, [...jobs.keys()].slice(-looked)))
      pace.add(jobs.get(key)!, made.seconds);
  return pace;
}
