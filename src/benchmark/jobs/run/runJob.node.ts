import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, loadavg } from "node:os";
import { join } from "node:path";
import { provenance } from "../../../condense/node/provenance.node.ts";
import { waitForLock } from "../../../data/node/lock.node.ts";
import type { Result } from "../../store/result.ts";
import type { Settled } from "../../store/store.ts";
import { type AnyJob, isDetermined } from "../job.ts";
import { runAudit } from "./audit.node.ts";
import { commitHere } from "./commit.node.ts";
import { runCondense } from "./condense.node.ts";
import { bring, Copier } from "./copies.node.ts";
import { runEvaluate } from "./evaluate.node.ts";
import { runExperts } from "./experts.node.ts";
import { runImport } from "./import.node.ts";
import type { Found, Running } from "./run.ts";
import { runScoreTime } from "./scoreTime.node.ts";
import { runTime } from "./time.node.ts";

/** Milliseconds between two notes of how long a job has been computed. */
const noted = 2000;

/**
 * Computes a job and keeps its result, unless the result is there already. The job's folder is this process's for as long; another that
 * is about to end is waited for.
 *
 * @returns what became of the result, and its status
 * @throws what the computation throws; what it has is in the folder then
 */
export async function runJob(
  job: AnyJob,
  running: Running,
): Promise<{ settled: Settled; status: Result["status"]; reason?: string }> {
  const { store, folder, signal, onNote } = running;
  mkdirSync(folder, { recursive: true });
  const unlock = await waitForLock(folder, { signal, onWait: onNote });
  try {
    const there = await store.result(job.kind, job.key);
    if (there) return { settled: "there", status: there.status, reason: there.reason };
    if (running.copies) await bring(store, job.key, folder);
    const clock = new Clock(join(folder, "seconds"));
    const copier = new Copier(store, job.key, folder);
    const [started, [load = 0]] = [new Date().toISOString(), loadavg()];
    const found = await compute(job, {
      ...running,
      onStep: (step, steps) => {
        clock.note();
        running.onStep(step, steps);
        if (running.copies) copier.copy(false);
      },
    }).catch(async (error) => {
      clock.note(true);
      if (running.copies) await copier.copy(true);
      throw error;
    });
    if (running.copies) await copier.end();
    const { beside, measured, ...own } = found;
    const { kind, version, key, name, configuration, inputs } = job;
    const result: Result = {
      format: 1,
      ...{ kind, version, key, name, configuration, inputs },
      ...own,
      made: {
        ...(await provenance()),
        ...commitHere(),
        host: hostname(),
        load,
        started,
        seconds: clock.seconds(),
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
        ...beside,
        ...measured,
      },
    };
    const settled = await store.settle(result, { compare: isDetermined(job) });
    return { settled, status: result.status, reason: result.reason };
  } finally {
    unlock();
  }
}

function compute(job: AnyJob, running: Running): Promise<Found> {
  switch (job.kind) {
    case "experts":
      return runExperts(job, running);
    case "condense":
      return runCondense(job, running);
    case "import":
      return runImport(job, running);
    case "evaluate":
    case "reference":
      return runEvaluate(job, running);
    case "time":
      return runTime(job, running);
    case "audit":
      return runAudit(job, running);
    case "score-time":
      return runScoreTime(job, running);
  }
}

/** The seconds of computing that a job has had, over all processes that worked on it: a file has those before. */
class Clock {
  private readonly before: number;
  private readonly began = performance.now();
  private last = performance.now();

  constructor(private readonly path: string) {
    this.before = secondsIn(path);
  }

  seconds(): number {
    return this.before + (performance.now() - this.began) / 1000;
  }

  note(now = false): void {
    if (!now && performance.now() - this.last < noted) return;
    this.last = performance.now();
    writeFileSync(this.path, String(this.seconds()));
  }
}

function secondsIn(path: string): number {
  try {
    const seconds = Number(readFileSync(path, "utf8"));
    return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
  } catch {
    return 0;
  }
}
