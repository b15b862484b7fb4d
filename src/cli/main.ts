#!/usr/bin/env node
import { answer } from "./answer.ts";
import { watchPipes } from "./interruptible.ts";
import { report } from "./report.ts";

const words = process.argv.slice(2);

watchPipes();
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => process.exit(report(error, { json: words.includes("--json") })));

await answer(words);
