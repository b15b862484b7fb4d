import type { Command } from "commander";
import type { AdviseFlags } from "../adviseCommand.ts";
import { withDatasetOptions } from "../datasetOptions.ts";
import { points, share } from "../share.ts";
import { timeSpan } from "../timeSpan.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar advise`. */
export function registerAdvise(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "advise <dataset>",
      "try methods and sizes on held-out training data within a span of time, and say which command to type next",
      "attar advise mnist --for 10m",
      "attar advise frame.csv --label species --methods dm --ipc 1,5,10 --for 1m",
    ),
  )
    .option("--for <span>", "time for all of it, scoring included (default 5m)", timeSpan("--for"))
    .option("--methods <list>", "methods joined by commas, beside random and kmeans (default: a few for such samples)")
    .option("--ipc <list>", "images per class, joined by commas (default 1,10,50 as far as the smallest class goes)")
    .option("--net <network>", "scores sets, and methods look through it (default convnet, for tables mlp)")
    .option("--epochs <n>", "epochs on each set (default: as the time allows)", wholeNumber("--epochs", 1))
    .option("--repeats <n>", "networks a set (default 3, or 2)", wholeNumber("--repeats", 1))
    .option("--margin <points>", "points that the smallest set may be below the best (default 2)", points("--margin"))
    .option(
      "--validation-share <share>",
      "share of every training class to score on, at most 2,000 samples (default 0.2)",
      share("--validation-share"),
    )
    .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
    .option("--out <dir>", "folder of advice.json and advice.svg (default runs/advice/<dataset>-seed<n>)")
    .option("--force", "discard an earlier advice in the folder")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (dataset: string, flags: AdviseFlags & Device & Plugins) => {
      await prepare(flags);
      const plugins = await extend(flags);
      await (await import("../adviseCommand.ts")).adviseCommand(dataset, flags, plugins);
    });
}
