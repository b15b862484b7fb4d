import { Worker } from "node:worker_threads";

/** The thread's program: it looks for its process's parent, and ends the process when that is another than it was. */
const program = `
const { parent, period } = require("node:worker_threads").workerData;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, period);
`;

/**
 * Ends this process as soon as its parent is gone, from a thread of its own, however long the computation under way holds the main one.
 * An orphan would go on computing beside its successor.
 *
 * @param period milliseconds between two looks
 */
export function dieWithParent(period = 250): void {
  const thread = new Worker(program, { eval: true, execArgv: [], workerData: { parent: process.ppid, period } });
  thread.unref();
}
