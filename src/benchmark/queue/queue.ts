import type { AnyJob } from "../jobs/job.ts";

/** A job that was taken from a queue, to be settled or given back. */
export interface Claim {
  readonly job: AnyJob;
  /** Aborted where the job is not wanted any more. */
  readonly signal: AbortSignal;
}

/** What a worker takes: jobs that share a machine, or those that must be alone. */
export type JobClass = "shared" | "exclusive";

/**
 * What a benchmark asks of a queue: jobs that may run, handed to one worker each. A queue may hand a job out again whose worker
 * it lost, so that each is executed at least once; that it has one result is the store's doing. Nothing in a queue is
 * needed to go on: it is filled from the store again.
 */
export interface Queue {
  /** What to call it in sentences. */
  readonly where: string;
  /** Puts jobs in that are not there yet, the first in the list first; those that are there already may move. */
  enqueue(jobs: readonly AnyJob[]): Promise<void>;
  /** The next job of a class; undefined where there is none. */
  claim(kind: JobClass): Promise<Claim | undefined>;
  /** Says that a worker is still on it. */
  beat(claim: Claim): Promise<void>;
  /** Takes a job out: it has its result, or its attempt is noted in the store. */
  settle(claim: Claim): Promise<void>;
  /** Gives a job back, behind those that wait: its slice of time is over, or its worker ends. */
  yield(claim: Claim): Promise<void>;
  /** Takes jobs out by key, those under way too. */
  cancel(keys: readonly string[]): Promise<void>;
  counts(): Promise<{ readonly queued: number; readonly active: number }>;
  close(): Promise<void>;
}
