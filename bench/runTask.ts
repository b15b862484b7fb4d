import { fork } from "node:child_process";
import { AttarError } from "../src/engine/index.ts";
import type { Outcome, Task } from "./task.ts";

/**
 * Runs a task in a process of its own. What it prints goes to stderr.
 *
 * @throws AttarError "bench-failed" (exit code 1) where the task fails or its process dies.
 */
export async function runTask(task: Task): Promise<Exclude<Outcome, { kind: "failed" }>> {
  const what = task.kind === "case" ? task.name : task.kind;
  const outcome = await new Promise<Outcome>((resolve) => {
    const child = fork(new URL("measure.js", import.meta.url), [JSON.stringify(task)], {
      stdio: ["ignore", process.stderr, "inherit", "ipc"],
    });
    child.on("message", (message) => resolve(message as Outcome));
    child.on("error", (error) => resolve({ kind: "failed", message: error.message }));
    child.on("exit", (code, signal) =>
      resolve({ kind: "failed", message: `its process ended with ${signal ?? `code ${code}`}` }),
    );
  });
  if (outcome.kind === "failed") throw new AttarError("bench-failed", `${what}: ${outcome.message}`, "", 1);
  return outcome;
}
