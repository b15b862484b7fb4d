#!/usr/bin/env node
import { CommanderError } from "commander";
import { watchPipes } from "./interruptible.ts";
import { program } from "./program.ts";
import { report } from "./report.ts";
import { usageError } from "./usageError.ts";

const json = process.argv.includes("--json");

watchPipes();
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => process.exit(report(error, { json })));

try {
  await program.parseAsync();
} catch (error) {
  const answered = error instanceof CommanderError && (error.exitCode === 0 || error.code === "commander.help");
  if (!answered)
    process.exitCode = report(error instanceof CommanderError ? usageError(error, program, process.argv) : error, {
      json,
    });
}
