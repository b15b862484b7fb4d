import { log, type OutputOptions } from "./output.ts";

let running: AbortController | undefined;

/**
 * Runs work that SIGINT, SIGTERM or a closed stdout may stop. The first one aborts the signal, so that the work can
 * finish its step and keep its state; a second SIGINT or SIGTERM kills the process, since a thread inside ONNX Runtime would
 * turn an exit into a crash. Signals within a quarter of a second are one: timeout(1) sends its own twice.
 *
 * @param note what the first signal says to the person waiting
 */
export async function interruptible<T>(
  note: string,
  options: OutputOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const release = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  let first = 0;
  const stop = (signal: NodeJS.Signals) => {
    if (abort.signal.aborted) {
      if (performance.now() - first < 250) return;
      release();
      process.kill(process.pid, signal);
      return;
    }
    first = performance.now();
    abort.abort();
    log(`\n${note}; once more stops at once`, options);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  running = abort;
  try {
    return await work(abort.signal);
  } finally {
    running = undefined;
    release();
  }
}

/** A reader that goes away (`attar … | head`) is no error: work under way stops as if interrupted, the rest ends quietly. */
export function watchPipes(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (running) running.abort();
    else process.exit(process.exitCode ?? 0);
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
