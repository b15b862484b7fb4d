import type { Command } from "commander";
import type { CondenseFlags } from "../condenseCommand.ts";
import { withDatasetOptions } from "../datasetOptions.ts";
import { timeSpan } from "../timeSpan.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, collect, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar condense`. */
export function registerCondense(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "condense [dataset]",
      "condense a dataset, by name or path, or a sketch into a run folder",
      "attar condense mnist --method dm --ipc 10 --steps 300 --out runs/mnist",
    ),
  )
    .option(
      "--method <name>",
      "see attar methods, or a .json file of a record (default dm; of few images with --for m3d)",
    )
    .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc", 1))
    .option("--out <dir>", "run folder (default runs/<dataset>-<method>-ipc<n>-seed<n>)")
    .option("--preset <name>", "laptop (default) or paper")
    .option("--steps <n>", "updates of the synthetic set (default: the preset's)", wholeNumber("--steps", 1))
    .option(
      "--start <run>",
      "start from the images of a condensed set, a run or its file; its classes go by their names",
    )
    .option("--from <sketch>", "condense from noised sums that attar sketch wrote, in place of a dataset")
    .option("--for <span>", "choose steps, real batch and classes a step for so much time, e.g. 10m", timeSpan("--for"))
    .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
    .option("--net <network>", "hypotheses, e.g. convnet:width=64 (default convnet, for tables mlp)")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .option("--config <file>", "settings as JSON; see attar schema")
    .option("--set <path=value>", "one setting; repeatable", collect, [])
    .option("--resume", "continue an unfinished run")
    .option("--force", "discard an earlier run in the folder")
    .option("--dry-run", "print the resolved configuration, the artefacts it needs and its cost, then stop")
    .option("--offline", "train no artefact that is missing, and say which is")
    .action(async (dataset: string | undefined, flags: CondenseFlags & Device & Plugins) => {
      await prepare(flags);
      const plugins = await extend(flags);
      await (await import("../condenseCommand.ts")).condenseCommand(dataset, flags, plugins);
    });
}
