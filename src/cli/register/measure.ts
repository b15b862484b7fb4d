import type { Command } from "commander";
import { withDatasetOptions } from "../datasetOptions.ts";
import type { MeasureFlags } from "../measureCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, collect, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar measure`. */
export function registerMeasure(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "measure [A] [B]",
      "distances between two sets: names, parts of them, runs, files, coresets",
      "attar measure mnist:train mnist:test",
      "attar measure mnist:train[0:30000] runs/mnist --discrepancy mmd,wasserstein --per-class",
      "attar measure mnist random:10 --encoder pca:50 --plot distances.svg",
    ),
  )
    .option("--discrepancy <list>", "all, or names joined by commas; see --list", "all")
    .option("--per-class", "also class by class")
    .option("--by-position", "take the first class of either as the same, and so on")
    .option("--encoder <encoder>", "pixels, pca:50, network:random, network:trained, autoencoder:32, or a file")
    .option("--save-encoder <file>", "keep the encoder, for codes of it")
    .option("--space <name>", "where images meet codes: latent (default) or input")
    .option("--set <name.option=value>", "one option of a discrepancy; repeatable", collect, [])
    .option("--net <network>", "hypotheses and network encoders, e.g. convnet:width=64 (default convnet)")
    .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
    .option("--references", "beside A against another sample of A, and against noise")
    .option("--plot <file.svg>", "draw it, with the references")
    .option("--list", "the discrepancies there are, and their options")
    .option("--markdown", "--list as a Markdown table")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (a: string | undefined, b: string | undefined, flags: MeasureFlags & Device & Plugins) => {
      await prepare(flags);
      await extend(flags);
      await (await import("../measureCommand.ts")).measureCommand(a, b, flags);
    });
}
