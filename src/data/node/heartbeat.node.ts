import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** The thread's program. It opens the file itself, so that nobody else's file ever has its descriptor. */
const program = `
const { closeSync, fstatSync, openSync, writeSync } = require("node:fs");
const { path, ino, period, first } = require("node:worker_threads").workerData;
const file = openSync(path, "r+");
if (fstatSync(file).ino === ino) setInterval(() => writeSync(file, first, 0), period);
else closeSync(file);
`;

/**
 * Renews a file's time of change for as long as this process lives: writes its first character over itself. It does so from a
 * thread of its own, so that a long computation in between does not look like a death. The thread keeps no process alive.
 *
 * @param first the file's first character. @param period milliseconds between two renewals.
 * @returns a function that ends it.
 */
export function heartbeat(path: string, first: string, period: number): () => void {
  const workerData = { path, ino: statSync(path).ino, period, first };
  const thread = new Worker(program, { eval: true, execArgv: [], workerData });
  // Without it the lock counts as left behind once it is old, and only for processes elsewhere.
  thread.on("error", () => {});
  thread.unref();
  return () => void thread.terminate();
}
