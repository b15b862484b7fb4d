import type { Command } from "commander";
import type { StudioFlags } from "../studioCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add } from "./command.ts";

/** `attar studio`. */
export function registerStudio(program: Command): void {
  add(
    program,
    "studio [dir]",
    "a page in which a dataset is condensed while one watches; run folders go to dir (default runs)",
    "attar studio",
  )
    .option("--port <n>", "port on this machine (default any that is free)", wholeNumber("--port", 0, 65_535), 0)
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (dir: string | undefined, flags: StudioFlags) =>
      (await import("../studioCommand.ts")).studioCommand(dir ?? "runs", flags),
    );
}
