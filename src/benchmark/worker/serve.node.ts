import { makeFolder } from "../../data/index.ts";
import type { Queue } from "../queue/queue.ts";
import type { Store } from "../store/store.ts";
import { followUps, type Next } from "./followUps.node.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.node.ts";

/** Computes what a queue hands out, and puts in what follows from it, until the signal ends it or, without `stays`, nothing is left. */
export async function serve(queue: Queue, store: Store, options: Omit<SupervisorOptions, "refill">): Promise<void> {
  await makeFolder(options.work);
  let later: readonly Next[] = [];
  const supervisor = new Supervisor(queue, store, {
    ...options,
    refill: async (ended) => {
      for (const job of ended) later = [...later, ...(await followUps(job, store))];
      const now = Date.now();
      const due = later.filter(({ from }) => from <= now);
      later = later.filter(({ from }) => from > now);
      if (due.length > 0) await queue.enqueue(due.map(({ job }) => job));
      return later.length > 0 ? Math.min(...later.map(({ from }) => from)) : undefined;
    },
  });
  await supervisor.run();
}
