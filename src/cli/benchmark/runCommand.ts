import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { AnyJob } from "../../benchmark/jobs/job.ts";
import { estimateOf } from "../../benchmark/plan/estimate.ts";
import type { Pace } from "../../benchmark/plan/pace.ts";
import type { Plan } from "../../benchmark/plan/plan.node.ts";
import { paceOf } from "../../benchmark/plan/timed.node.ts";
import { openQueue } from "../../benchmark/queue/openQueue.node.ts";
import type { Queue } from "../../benchmark/queue/queue.ts";
import { localFolder } from "../../benchmark/store/openStore.node.ts";
import { machineMemory } from "../../benchmark/worker/machineMemory.node.ts";
import { runStudy } from "../../benchmark/worker/runStudy.node.ts";
import type { SlotEnd } from "../../benchmark/worker/slot.node.ts";
import { makeFolder } from "../../data/index.ts";
import { lockFolder } from "../../data/node/lock.node.ts";
import { AttarError } from "../../engine/errors.ts";
import { interruptible } from "../interruptible.ts";
import { counted } from "../numbers.ts";
import { log, print, printJson, shellWord } from "../output.ts";
import { prepareEngine, providerOf } from "../prepareEngine.ts";
import { countsOf } from "./counts.ts";
import { countsTable, leftText, planOf, reasonsOf } from "./planCommand.ts";
import { type Opened, openStudy, type StudyFlags } from "./studyFlags.ts";
import { StudyProgress } from "./studyProgress.ts";

export interface RunFlags extends StudyFlags {
  slots: number;
  threads?: number;
  device?: string;
  for?: number;
  memory?: number;
  slice: number;
  queue: string;
  /** Prints no table: another command says what came out. */
  silent?: boolean;
}

/** `attar benchmark run`: computes what a study lacks. */
export async function runCommand(file: string, flags: RunFlags): Promise<void> {
  const opened = await openStudy(file, flags);
  const first = await planOf(opened);
  const pace = await paceOf(first, opened.store);
  log(leftText(first, estimateOf(first, pace)), flags);
  const start = {
    event: "start",
    store: opened.store.where,
    counts: countsOf(first.cells),
    estimate: estimateOf(first, pace),
  };
  if (flags.json) printJson(start);
  const nothing = first.ready.length === 0 && first.next === undefined;
  const { plan, stopped } = nothing ? { plan: first, stopped: false } : await compute(opened, first, pace, flags);
  const counts = countsOf(plan.cells);
  if (flags.json) printJson({ event: "done", counts });
  else if (!flags.silent) {
    print(countsTable(plan));
    for (const line of reasonsOf(plan)) log(line, flags);
  }
  const alarms = await opened.store.alarms();
  for (const { name, key } of alarms)
    log(
      `${name} came to another result the second time: both are kept, see attar benchmark explain ${key.slice(0, 12)}`,
      flags,
    );
  if (stopped)
    throw new AttarError(
      "interrupted",
      `interrupted; ${counted(counts.done, "cell")} of ${plan.cells.length} done, and what was under way is kept`,
      `continue with the same command: attar benchmark run ${shellWord(file)}`,
      4,
    );
}

async function compute(
  { cells, store, more }: Opened,
  first: Plan,
  pace: Pace,
  flags: RunFlags,
): Promise<{ plan: Plan; stopped: boolean }> {
  const { slots, shard } = flags;
  const cores = availableParallelism();
  const threads = flags.threads ?? Math.max(1, Math.floor(cores / slots));
  const provider = providerOf(flags.device ?? "auto");
  // A card that is not there is found out before a job fails over it.
  if (provider !== "cpu") await prepareEngine(provider);
  const lock = join(localFolder(flags.store), "locks", shard ? `run-${shard.number}-of-${shard.of}` : "run");
  await makeFolder(lock);
  const unlock = locked(lock, flags);
  const progress = new StudyProgress(flags, first, pace);
  let queue: Queue | undefined;
  try {
    queue = await openQueue(flags.queue, localFolder(flags.store));
    const jobs = queue;
    return await interruptible("stopping: jobs under way keep what they have", flags, async (interrupt) => {
      const over = new AbortController();
      const timer = flags.for === undefined ? undefined : setTimeout(() => over.abort(), flags.for * 1000);
      try {
        const plan = await runStudy(cells, store, jobs, {
          store: flags.store,
          ...(more && { more }),
          slots,
          threads,
          provider,
          memory: flags.memory ?? machineMemory(),
          work: join(localFolder(flags.store), "work"),
          slice: flags.slice,
          signal: AbortSignal.any([interrupt, over.signal]),
          onPlan: (now) => progress.plan(now),
          onStart: (job) => {
            progress.start(job);
            if (flags.json) printJson({ event: "job", name: job.name, kind: job.kind, key: job.key });
          },
          onStep: (job, step, steps) => progress.step(job, step, steps),
          onNote: (job, note) => progress.note(`${job.name}: ${note}`),
          onEnd: (job, end) => {
            progress.end(job, end);
            if (flags.json)
              printJson({ event: "end", name: job.name, kind: job.kind, key: job.key, ...endOf(job, end) });
          },
        });
        if (over.signal.aborted && !interrupt.aborted)
          progress.note(`the time is up: ${leftText(plan, estimateOf(plan, pace))}; the same command goes on`);
        return { plan, stopped: interrupt.aborted };
      } finally {
        clearTimeout(timer);
      }
    });
  } finally {
    progress.clear();
    unlock();
    await queue?.close();
  }
}

const endOf = (_: AnyJob, { outcome, message, hint }: SlotEnd) => ({
  outcome,
  ...(message && { message }),
  ...(hint && { hint }),
});

/** Takes the place of the one coordinator of a folder. @throws AttarError "locked" where there is another */
function locked(folder: string, { store, shard }: RunFlags): () => void {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (!(error instanceof AttarError) || error.code !== "locked") throw error;
    throw new AttarError(
      "locked",
      `another attar benchmark run works on ${store}${shard ? ` at share ${shard.number}/${shard.of}` : ""}: ${error.message}`,
      "wait for it, or share the work out: --shard 1/2 here and --shard 2/2 there",
      1,
    );
  }
}
