import { CommanderError } from "commander";
import { program } from "./program.ts";
import { report } from "./report.ts";
import { usageError } from "./usageError.ts";

/**
 * Runs one command line to its end. What goes wrong is reported, and the process's exit code set.
 *
 * @param words what follows `attar`, as the shell splits it
 */
export async function answer(words: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    const answered = error instanceof CommanderError && (error.exitCode === 0 || error.code === "commander.help");
    if (answered) return;
    const cause = error instanceof CommanderError ? usageError(error, program, words) : error;
    process.exitCode = report(cause, { json: words.includes("--json") });
  }
}
