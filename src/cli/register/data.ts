import type { Command } from "commander";
import type { CacheFlags } from "../cacheCommand.ts";
import { type DatasetFlags, withDatasetOptions } from "../datasetOptions.ts";
import type { OutputOptions } from "../output.ts";
import { add, example, quiet } from "./command.ts";

/** `attar data`. */
export function registerData(program: Command): void {
  const data = quiet(program.command("data")).description("datasets: list, info, pull, cache");

  example(data, "attar data list", "attar data info path/to/images");

  data.addHelpText("after", "\nWhat is read, and how it is guessed: docs/data.md");

  add(data, "list", "datasets known by name, and where they are", "attar data list").action(
    async (flags: OutputOptions) => (await import("../dataCommand.ts")).listCommand(flags),
  );

  add(
    data,
    "cache",
    "images kept decoded: what they take on the disk",
    "attar data cache --list",
    "attar data cache --clear",
  )
    .option("--list", "each file, the one used last first")
    .option("--clear", "remove all of them; they are made again when they are needed")
    .action(async (flags: CacheFlags) => (await import("../cacheCommand.ts")).cacheCommand(flags));

  withDatasetOptions(
    add(
      data,
      "info <dataset>",
      "what is there and how it was read: shape, classes, sizes, scale, guesses",
      "attar data info digits",
      "attar data info frame.csv --label species --drop id",
    ),
  ).action(async (name: string, flags: OutputOptions & DatasetFlags) =>
    (await import("../dataCommand.ts")).infoCommand(name, flags),
  );

  add(data, "pull <dataset>", "download and verify; resumes", "attar data pull fashion-mnist").action(
    async (name: string, flags: OutputOptions) => (await import("../dataCommand.ts")).pullCommand(name, flags),
  );
}
