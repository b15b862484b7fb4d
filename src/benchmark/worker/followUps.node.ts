import { datasetInfo } from "../../data/index.ts";
import type { SetFacts } from "../../evaluate/protocol.ts";
import { parseNetwork } from "../../hypotheses/index.ts";
import { evaluateJob } from "../jobs/evaluate.node.ts";
import type { AnyJob, Job } from "../jobs/job.ts";
import { verdictOn } from "../plan/verdict.ts";
import type { Store } from "../store/store.ts";

/** A job that may run, now or from a time on, in milliseconds since 1970. */
export interface Next {
  readonly job: AnyJob;
  readonly from: number;
}

/** The condensations that an artefact was the last missing piece of. */
async function unlockedBy({ unlocks = [] }: Job<"experts">, store: Store): Promise<readonly Next[]> {
  const next: Next[] = [];
  for (const job of unlocks) {
    const there = await Promise.all((job.artefacts ?? []).map((key) => store.result("experts", key)));
    const made = await store.result("condense", job.key);
    if (!made && there.every((artefact) => artefact?.status === "ok")) next.push({ job, from: 0 });
  }
  return next;
}

/**
 * The jobs that an ended one calls for: itself, where it has no result and may have another try; the sets that waited for the
 * artefact that it made; the scores of the set that it made.
 * A worker so goes on by itself, whether or not somebody watches over the study.
 */
export async function followUps(job: AnyJob, store: Store): Promise<readonly Next[]> {
  const result = await store.result(job.kind, job.key);
  if (!result) {
    if ((await store.stopped()).has(job.key)) return [];
    const verdict = verdictOn((await store.attempts()).get(job.key) ?? [], Date.now());
    return verdict.may === "not" ? [] : [{ job, from: verdict.may === "wait" ? verdict.until : 0 }];
  }
  if (job.kind === "experts") return result.status === "ok" ? unlockedBy(job, store) : [];
  if (result.status !== "ok" || !job.then || (job.kind !== "condense" && job.kind !== "import")) return [];
  const { dataset } = job.task;
  const info = await datasetInfo(dataset.name, dataset.reading);
  const { content, facts } = result.values as { content: string; facts: SetFacts };
  const set = { file: result.outputs.set!, content, facts };
  const next: Next[] = [];
  for (const { name, network, protocol } of job.then.scores) {
    const spec = { text: network, spec: parseNetwork(network) };
    const score = await evaluateJob(name, dataset, info, set, spec, protocol, job.then.readings);
    if (!(await store.result("evaluate", score.key))) next.push({ job: score, from: 0 });
  }
  return next;
}
