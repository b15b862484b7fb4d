import type { Command } from "commander";
import type { OutputOptions } from "../output.ts";
import { add } from "./command.ts";

/** `attar artefacts`. */
export function registerArtefacts(program: Command): void {
  add(
    program,
    "artefacts",
    "networks and encoders that were trained once for all runs: what is kept, and where",
    "attar artefacts",
  )
    .option("--list", "list them, as it does without")
    .action(async (flags: OutputOptions) => (await import("../artefactsCommand.ts")).artefactsCommand(flags));
}
