import type { Command } from "commander";
import { withDatasetOptions } from "../datasetOptions.ts";
import { decimalNumber } from "../decimalNumber.ts";
import type { SketchFlags } from "../sketchCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, collect, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar sketch`. */
export function registerSketch(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "sketch <dataset>",
      "draw noised sums of a dataset, once; sets are condensed from them at no further cost",
      "attar sketch mnist --epsilon 1 --delta 1e-5 --out mnist.sketch",
      "attar condense --from mnist.sketch --ipc 10",
    ),
  )
    .option("--method <name>", "a method of fresh networks that reads sums (default dp-dm)")
    .option("--epsilon <epsilon>", "ε to keep (default the method's)", decimalNumber("--epsilon", "1"))
    .option("--delta <delta>", "δ (default 1e-5, or one in ten times the samples)", decimalNumber("--delta", "1e-5"))
    .option("--releases <n>", "noised sums to draw (default the preset's)", wholeNumber("--releases", 1))
    .option("--ipc <n>", "images per class, by which the preset is chosen (default 10)", wholeNumber("--ipc", 1))
    .option("--seed <n>", "root of networks and augmentation, not of the noise (default 0)", wholeNumber("--seed"))
    .option("--net <network>", "hypotheses, e.g. convnet:width=64 (default the preset's)")
    .option("--set <path=value>", "one setting; repeatable", collect, [])
    .option("--out <file>", "the file to write")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (dataset: string, flags: SketchFlags & Device & Plugins) => {
      await prepare(flags);
      const plugins = await extend(flags);
      await (await import("../sketchCommand.ts")).sketchCommand(dataset, flags, plugins);
    });
}
