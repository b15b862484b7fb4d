import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { AttarError } from "../../engine/index.ts";
import { type CoverProgramme, type CoverSolution, solveCover } from "./coverProgramme.ts";

/** The body of the thread, as text: it runs the same from sources, from the built package and from a bundle. */
const source = `
const { parentPort, workerData } = require("node:worker_threads");
const solve = ${solveCover.toString()};
const ready = require(workerData.highs)();
parentPort.on("message", (programme) => {
  ready.then((highs) => ({ solution: solve(highs, programme) })).catch((error) => ({ error: String(error?.message ?? error) }))
    .then((reply) => parentPort.postMessage(reply));
});
`;

type Reply = { readonly solution: CoverSolution } | { readonly error: string };

let idle: Worker | undefined;

/**
 * {@link solveCover} in a thread of its own, so that the caller's event loop stays free: HiGHS cannot be asked to stop, but its
 * thread can be ended. The thread is kept for the next call, and keeps no process alive.
 *
 * @throws AttarError "runtime" (exit code 1) where HiGHS fails; the signal's reason where it is aborted.
 */
export async function solveCoverInThread(programme: CoverProgramme, signal?: AbortSignal): Promise<CoverSolution> {
  signal?.throwIfAborted();
  const worker = idle ?? started();
  idle = undefined;
  worker.ref();
  const stop = () => void worker.terminate();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const reply = await new Promise<Reply>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("its thread ended")));
      worker.postMessage(programme);
    });
    if ("error" in reply) throw new Error(reply.error);
    idle = worker;
    return reply.solution;
  } catch (error) {
    void worker.terminate();
    signal?.throwIfAborted();
    throw new AttarError("runtime", `the set cover: HiGHS failed: ${(error as Error).message}`, "", 1);
  } finally {
    signal?.removeEventListener("abort", stop);
    for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
    worker.unref();
  }
}

const started = () =>
  new Worker(source, {
    eval: true,
    workerData: { highs: createRequire(import.meta.url).resolve("highs") },
  });
