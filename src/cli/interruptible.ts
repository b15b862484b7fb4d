import { log, type OutputOptions } from "./output.ts";

let running: AbortController | undefined;

/**
 * Runs work that SIGINT, SIGTERM or a closed stdout may stop. The first one aborts the signal, so that the work can
 * finish its step and keep its state; a second SIGINT or SIGTERM kills the process, since a thread inside ONNX Runtime would
 * turn an exit into a crash. Signals within a quarter of a second are one: timeout(1) sends its own twice.
 *
 * @param note what the first signal says to the person waiting
 * @param work is handed the signal and, with `later`, what makes it heard
 * @param later whether signals keep their usual effect, an end at once, until the work says otherwise: while files are read, which
 * may take longer than a person waits, and of which there is nothing to keep
 */
export async function interruptible<T>(
  note: string,
  options: OutputOptions,
  work: (signal: AbortSignal, listen: () => void) => Promise<T>,
  { later = false }: { readonly later?: boolean } = {},
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
    log("", options);
    log(`${note}; once more stops at once`, options);
  };
  const listen = () => {
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  };
  if (!later) listen();
  running = abort;
  try {
    return await work(abort.signal, listen);
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
