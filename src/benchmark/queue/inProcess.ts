import type { AnyJob } from "../jobs/job.ts";
import type { Claim, JobClass, Queue } from "./queue.ts";

/** A queue in this process's memory: for one coordinator, for shards that share nothing but a store, and for tests. */
export class InProcessQueue implements Queue {
  readonly where = "this process";
  /** Jobs that wait, in order. */
  private waiting: AnyJob[] = [];
  private readonly active = new Map<string, AbortController>();
  /** How often a job was given back: it stands behind those that were so less often. */
  private readonly yields = new Map<string, number>();

  async enqueue(jobs: readonly AnyJob[]): Promise<void> {
    const now = new Set(jobs.map(({ key }) => key));
    const before = this.waiting.filter(({ key }) => !now.has(key));
    this.waiting = [...jobs.filter(({ key }) => !this.active.has(key)), ...before];
    const turns = ({ key }: AnyJob) => this.yields.get(key) ?? 0;
    this.waiting.sort((a, b) => turns(a) - turns(b));
  }

  async claim(kind: JobClass): Promise<Claim | undefined> {
    const at = this.waiting.findIndex(({ exclusive = false }) => exclusive === (kind === "exclusive"));
    if (at < 0) return undefined;
    const [job] = this.waiting.splice(at, 1);
    const abort = new AbortController();
    this.active.set(job!.key, abort);
    return { job: job!, signal: abort.signal };
  }

  async beat(): Promise<void> {}

  async settle({ job }: Claim): Promise<void> {
    this.active.delete(job.key);
  }

  async yield({ job }: Claim): Promise<void> {
    this.active.delete(job.key);
    this.yields.set(job.key, (this.yields.get(job.key) ?? 0) + 1);
    await this.enqueue([...this.waiting, job]);
  }

  async cancel(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.active.get(key)?.abort();
    this.waiting = this.waiting.filter(({ key }) => !keys.includes(key));
  }

  async counts() {
    return { queued: this.waiting.length, active: this.active.size };
  }

  async close(): Promise<void> {
    for (const abort of this.active.values()) abort.abort();
  }
}
