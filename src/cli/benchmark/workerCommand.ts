import { availableParallelism } from "node:os";
import { join } from "node:path";
import { openQueue } from "../../benchmark/queue/openQueue.node.ts";
import { localFolder, openStore } from "../../benchmark/store/openStore.node.ts";
import { machineMemory } from "../../benchmark/worker/machineMemory.node.ts";
import { serve } from "../../benchmark/worker/serve.node.ts";
import { AttarError } from "../../engine/errors.ts";
import { interruptible } from "../interruptible.ts";
import { counted } from "../numbers.ts";
import { log, type OutputOptions, printJson } from "../output.ts";

export interface WorkerFlags extends OutputOptions {
  queue: string;
  store: string;
  slots: number;
  threads?: number;
  memory?: number;
  slice: number;
  for?: number;
  untilIdle?: boolean;
}

/** `attar benchmark worker`: computes what is in a database's queue, whichever study put it there. */
export async function workerCommand(flags: WorkerFlags): Promise<void> {
  const { slots, slice } = flags;
  if (!/^postgres(ql)?:/.test(flags.queue))
    throw new AttarError(
      "bad-option",
      `a worker shares a database's queue, and "${flags.queue}" is none`,
      "--queue postgres://user@host/database; on one machine attar benchmark run --slots 2 needs no worker",
    );
  const store = await openStore(flags.store);
  const queue = await openQueue(flags.queue, localFolder(flags.store));
  const threads = flags.threads ?? Math.max(1, Math.floor(availableParallelism() / slots));
  log(`${counted(slots, "job")} at once for ${queue.where}, results in ${store.where}`, flags);
  try {
    await interruptible("stopping: jobs under way keep what they have", flags, async (interrupt) => {
      const over = flags.for === undefined ? [] : [AbortSignal.timeout(flags.for * 1000)];
      await serve(queue, store, {
        store: flags.store,
        slots,
        threads,
        memory: flags.memory ?? machineMemory(),
        slice,
        work: join(localFolder(flags.store), "work"),
        signal: AbortSignal.any([interrupt, ...over]),
        stays: !flags.untilIdle,
        onEnd: ({ kind, name, key }, { outcome, message }) => {
          if (flags.json) printJson({ event: "end", kind, name, key, outcome, message });
          log(`${outcome} ${kind} ${name}${message && outcome !== "done" ? `: ${message}` : ""}`, flags);
        },
      });
    });
  } finally {
    await queue.close();
  }
}
