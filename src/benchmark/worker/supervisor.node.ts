import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { AnyJob } from "../jobs/job.ts";
import type { Claim, Queue } from "../queue/queue.ts";
import type { Store } from "../store/store.ts";
import { Slot, type SlotEnd, type SlotOptions } from "./slot.node.ts";

/** What a supervisor tells whoever watches. */
export interface SupervisorEvents {
  onStart?(job: AnyJob): void;
  onStep?(job: AnyJob, step: number, steps: number): void;
  onNote?(job: AnyJob, note: string): void;
  onEnd?(job: AnyJob, end: SlotEnd): void;
}

export interface SupervisorOptions extends SlotOptions, SupervisorEvents {
  /** Jobs at once. */
  readonly slots: number;
  /** Bytes that jobs may take together by their estimates; no bound where left out. */
  readonly memory?: number;
  /** The folder in which jobs are computed. */
  readonly work: string;
  /** Seconds that a job computes before one that waits gets its place. */
  readonly slice?: number;
  /** Ends the work: jobs under way keep what they have and are given back. */
  readonly signal?: AbortSignal;
  /**
   * Called when jobs have ended, and at the start, to put in what may run now.
   *
   * @param ended the jobs that ended since the last call
   * @returns when, in milliseconds since 1970, there will be more without a job having ended; undefined for never
   */
  readonly refill: (ended: readonly AnyJob[]) => Promise<number | undefined>;
  /** Whether it stays when there is nothing to do: others may put jobs in. */
  readonly stays?: boolean;
}

/** Milliseconds between two looks for what was cancelled and what came in. */
const looks = 1000;
/** Milliseconds between two notes of a job's progress in the store, at least. */
const shown = 5000;
const second = 1000;

/**
 * Takes jobs from a queue and has children compute them. It computes nothing itself, so that it always answers: its claims are
 * kept alive, its children watched. What went wrong is noted in the store before a job is let go of.
 */
export class Supervisor {
  private readonly slots: Slot[];
  private readonly free: Slot[];
  private readonly under = new Map<string, { slot: Slot; claim: Claim; exclusive: boolean }>();
  /** Jobs that ended since somebody was told. */
  private readonly ended: AnyJob[] = [];
  /** A job that was taken and waits until there is memory for it. */
  private waits?: Claim;

  constructor(
    private readonly queue: Queue,
    private readonly store: Store,
    private readonly options: SupervisorOptions,
  ) {
    this.slots = Array.from({ length: options.slots }, () => new Slot(options));
    this.free = [...this.slots];
  }

  /** Works until nothing is left that may run, or the signal ends it. */
  async run(): Promise<void> {
    const { signal, refill, stays = false } = this.options;
    const { queue } = this;
    const stopAll = () => {
      for (const { slot } of this.under.values()) slot.stop();
    };
    signal?.addEventListener("abort", stopAll);
    let [wake, woken] = signalled();
    const { ended } = this;
    let fault: unknown;
    let next = await refill([]);
    try {
      for (;;) {
        while (!signal?.aborted && fault === undefined) {
          const claim = await this.take();
          if (!claim) break;
          void this.compute(claim).then(
            () => {
              ended.push(claim.job);
              wake();
            },
            (error) => {
              fault ??= error;
              wake();
            },
          );
        }
        const idle = this.under.size === 0 && !this.waits;
        if (idle && (signal?.aborted || fault !== undefined)) break;
        if (idle && !stays && next === undefined) {
          next = await refill(ended.splice(0));
          const { queued, active } = await this.queue.counts();
          if (next === undefined && queued + active === 0) break;
        }
        await Promise.race([
          woken,
          pause(Math.max(10, Math.min(looks, (next ?? Number.POSITIVE_INFINITY) - Date.now()))),
        ]);
        [wake, woken] = signalled();
        if (fault !== undefined || signal?.aborted) {
          stopAll();
          await this.giveBack();
          continue;
        }
        if (this.waits) await queue.beat(this.waits).catch(() => {});
        if (ended.length > 0 || (next !== undefined && next <= Date.now())) next = await refill(ended.splice(0));
        await this.look();
      }
    } finally {
      signal?.removeEventListener("abort", stopAll);
      await Promise.all(this.slots.map((slot) => slot.dispose()));
    }
    if (fault !== undefined) throw fault;
  }

  /** The processes of the children that there are. */
  get children(): readonly number[] {
    return this.slots.flatMap(({ pid }) => pid ?? []);
  }

  /** Takes a job where there is a place: one that must be alone only where nothing else is under way, and then nothing else. */
  private async take(): Promise<Claim | undefined> {
    const alone = [...this.under.values()].some(({ exclusive }) => exclusive);
    if (this.free.length === 0 || alone) return undefined;
    const before = this.waits;
    this.waits = undefined;
    if (before?.signal.aborted) {
      await this.queue.settle(before);
      return this.take();
    }
    const claim =
      before ??
      (await this.queue.claim("shared")) ??
      (this.under.size > 0 ? undefined : await this.queue.claim("exclusive"));
    return claim && this.admitted(claim);
  }

  /** A job that was taken, if there is memory for it beside those under way; one for which there never is fails. */
  private async admitted(claim: Claim): Promise<Claim | undefined> {
    const { memory = Number.POSITIVE_INFINITY } = this.options;
    const { job } = claim;
    const own = job.memory ?? 0;
    if (own > memory) {
      const end: SlotEnd = {
        outcome: "wrong-input",
        message: `it takes about ${gigabytes(own)} of memory, and ${gigabytes(memory)} are lent to jobs here`,
        hint: `lend more with --memory ${Math.ceil(own / 1e8) / 10}GB, then attar benchmark retry`,
      };
      await this.store.addAttempt(job.key, attemptOf(end));
      await this.queue.settle(claim);
      this.ended.push(job);
      this.options.onEnd?.(job, end);
      return this.take();
    }
    const taken = [...this.under.values()].reduce((sum, { claim: other }) => sum + (other.job.memory ?? 0), 0);
    if (taken + own <= memory) return claim;
    this.waits = claim;
    return undefined;
  }

  /** Gives a job back that waits for memory: the work ends. */
  private async giveBack(): Promise<void> {
    const { waits } = this;
    this.waits = undefined;
    if (waits) await this.queue.yield(waits);
  }

  private async compute(claim: Claim): Promise<SlotEnd> {
    const { job } = claim;
    const { store, queue, options } = this;
    const slot = this.free.pop()!;
    this.under.set(job.key, { slot, claim, exclusive: job.exclusive === true });
    const leave = () => slot.stop();
    claim.signal.addEventListener("abort", leave);
    const beating = setInterval(() => void queue.beat(claim).catch(() => {}), looks * 10);
    const slice =
      options.slice === undefined ? undefined : setTimeout(() => void this.sliced(slot), options.slice * second);
    const folder = join(options.work, job.key);
    let last = 0;
    try {
      options.onStart?.(job);
      const end = await slot.run(job, folder, {
        onStep: (step, steps) => {
          options.onStep?.(job, step, steps);
          if (Date.now() - last < shown) return;
          last = Date.now();
          const { key, name, kind } = job;
          const progress = { key, name, kind, host: hostname(), step, steps, at: new Date().toISOString() };
          void store.showProgress(progress).catch(() => {});
        },
        onNote: (note) => options.onNote?.(job, note),
      });
      if (last > 0) await store.endProgress(job.key);
      await this.settle(claim, end, folder);
      options.onEnd?.(job, end);
      return end;
    } finally {
      clearInterval(beating);
      clearTimeout(slice);
      claim.signal.removeEventListener("abort", leave);
      this.under.delete(job.key);
      this.free.push(slot);
    }
  }

  /** Says what became of a job: first in the store, then in the queue. */
  private async settle(claim: Claim, end: SlotEnd, folder: string): Promise<void> {
    const { job } = claim;
    if (end.outcome === "interrupted") {
      if (claim.signal.aborted) await this.queue.settle(claim);
      else await this.queue.yield(claim);
      return;
    }
    // A result may be there although its process could not say so any more.
    const done = end.outcome === "done" || end.outcome === "diverged" || (await this.store.result(job.kind, job.key));
    if (done) await rm(folder, { recursive: true, force: true }).catch(() => {});
    else await this.store.addAttempt(job.key, attemptOf(end));
    await this.queue.settle(claim);
  }

  /** Ends a job's slice of time where another waits for the place. */
  private async sliced(slot: Slot): Promise<void> {
    if ((await this.queue.counts()).queued > 0) slot.stop();
  }

  /** Looks for jobs that a person cancelled. */
  private async look(): Promise<void> {
    if (this.under.size === 0) return;
    const stopped = await this.store.stopped();
    const gone = [...this.under.keys()].filter((key) => stopped.has(key));
    if (gone.length > 0) await this.queue.cancel(gone);
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

function attemptOf({ outcome, exit, signal, message = "", hint, log }: SlotEnd) {
  const how = outcome === "wrong-input" || outcome === "failed" || outcome === "stalled" ? outcome : "crashed";
  return {
    outcome: how,
    host: hostname(),
    at: new Date().toISOString(),
    ...(exit !== undefined && { exit }),
    ...(signal !== undefined && { signal }),
    message,
    ...(hint && { hint }),
    ...(log && { log }),
  } as const;
}

/** A promise, and what resolves it. */
function signalled(): [() => void, Promise<void>] {
  let wake = () => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return [wake, woken];
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });
