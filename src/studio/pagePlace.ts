import { condense, resolveConfiguration } from "../condense/index.ts";
import { loadDigits } from "../data/browser.ts";
import { AttarError } from "../engine/index.ts";
import { filesOfRun, keptIn, openKept, studyIn } from "./keptRuns.ts";
import { PageRun } from "./pageRun.ts";
import { frameEvery, type Place } from "./place.ts";
import type { WritableFiles } from "./runFiles.ts";

/** What a page computes with. */
export interface PagePlaceOptions {
  /** Where its runs are kept. */
  readonly files: Promise<WritableFiles>;
  /** Versions of what computes, as run records have them. */
  readonly versions: Readonly<Record<string, string>>;
  /** What computes, in a few words. */
  readonly device: string;
}

/** A page: `digits` is there, runs are kept in files of its origin, as run folders. */
export function pagePlace({ files, versions, device }: PagePlaceOptions): Place {
  return {
    engine: "in this page",
    datasets: async () => ["digits"],
    load: () => loadDigits(),
    run: ({ id, asked, dataset, method, options }, { runtime, signal, onStart, onStep, onSet }) =>
      alone(id, async () => {
        const configuration = resolveConfiguration(dataset, method, options);
        const { name: executor, threads = 1 } = await runtime.loaded();
        const here = { versions, device, cores: threads, executor };
        const { run, state } = await PageRun.open(await files, id, configuration, asked, here);
        try {
          const every = { checkpointEvery: 1, frameEvery };
          for await (const event of condense(dataset, method, { ...options, ...every, state, signal, runtime })) {
            if (event.event === "start") onStart(event.step);
            if (event.event === "step") {
              run.log(event);
              onStep(event.step, event.loss, event.seconds);
            }
            if (event.event === "checkpoint") run.keep(event.state);
            if (event.event === "frame") onSet(event.set, event.step);
            if (event.event !== "done") continue;
            onSet(event.set, event.step);
            await run.finish(event.set, event.seconds, event.step);
          }
        } finally {
          await run.settled();
        }
      }),
    kept: async () => ({ ...(await keptIn(await files)), ...(await storageOf()) }),
    openRun: async (id) => openKept(await files, id),
    study: async (id) => studyIn(await files, id),
    files: async (id) => filesOfRun(await files, id),
  };
}

/** Computes where no other tab does the same run. @throws AttarError "busy" */
async function alone(id: string, run: () => Promise<void>): Promise<void> {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return run();
  await locks.request(`attar-${id}`, { ifAvailable: true }, async (lock) => {
    if (!lock)
      throw new AttarError("busy", `${id} is under way in another tab`, "look at it there, or choose another seed");
    await run();
  });
}

async function storageOf() {
  const { storage } = globalThis.navigator ?? {};
  if (!storage?.estimate) return {};
  const { usage = 0, quota = 0 } = await storage.estimate();
  return { storage: { used: usage, quota, persistent: (await storage.persisted?.()) ?? false } };
}
