import { type NodeProvider, onnxruntimeNode } from "../../engine/executors/onnxruntime.node.ts";
import { AttarError, openRuntime, useRuntime } from "../../engine/index.ts";
import { runJob } from "../jobs/run/runJob.node.ts";
import { isRemote, openStore } from "../store/openStore.node.ts";
import type { ChildEnd, FromChild, ToChild } from "./messages.ts";
import { dieWithParent } from "./watchdog.node.ts";

/**
 * The process that computes jobs, one after the other, as its supervisor hands them over. Its arguments are the store, the number
 * of threads and the provider. It keeps nothing between jobs but what is loaded: a dataset, compiled programs.
 */
const [storeAddress, threads, provider] = [process.argv[2]!, Number(process.argv[3]), process.argv[4] as NodeProvider];
dieWithParent();
process.on("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group of processes: the supervisor decides what becomes of it.
process.on("SIGINT", () => {});
let running: AbortController | undefined;
process.on("SIGTERM", () => running?.abort());

useRuntime(openRuntime({ executor: onnxruntimeNode({ threads, provider }) }));
const tell = (message: FromChild) => void process.send?.(message);

process.on("message", (message: ToChild) => {
  if ("stop" in message) running?.abort();
  else void compute(message.run, message.folder).then(tell);
});

/** Milliseconds between two steps that are told. */
const told = 200;

async function compute(job: Extract<ToChild, { run: unknown }>["run"], folder: string): Promise<ChildEnd> {
  const abort = new AbortController();
  running = abort;
  let last = 0;
  try {
    const { settled, status, reason } = await runJob(job, {
      store: await openStore(storeAddress),
      folder,
      copies: isRemote(storeAddress),
      signal: abort.signal,
      onStep: (step, steps) => {
        if (Date.now() - last < told && step < steps) return;
        last = Date.now();
        tell({ event: "step", step, steps });
      },
      onNote: (note) => tell({ event: "note", note }),
    });
    return { event: "ended", outcome: status === "diverged" ? "diverged" : "done", settled, message: reason };
  } catch (error) {
    return ending(error, abort.signal.aborted);
  } finally {
    running = undefined;
  }
}

function ending(error: unknown, aborted: boolean): ChildEnd {
  if (error instanceof AttarError) {
    const { code, message, hint, exitCode } = error;
    const outcome = exitCode === 2 ? "wrong-input" : exitCode === 4 ? "interrupted" : "failed";
    return { event: "ended", outcome, code, message, hint };
  }
  if (aborted && error instanceof Error && error.name === "AbortError")
    return { event: "ended", outcome: "interrupted" };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return { event: "ended", outcome: "failed", code: "failed", message: message.split("\n")[0] };
}
