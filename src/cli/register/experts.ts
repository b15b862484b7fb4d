import type { Command } from "commander";
import { withDatasetOptions } from "../datasetOptions.ts";
import type { ExpertsFlags } from "../expertsCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, collect, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar experts`. */
export function registerExperts(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "experts <dataset>",
      "train expert trajectories, for methods that match parameters; the same command continues",
      "attar experts mnist --net convnet:width=32 --count 10 --epochs 20",
      "attar experts mnist --net convnet:width=32 --list",
    ),
    false,
  )
    .option("--net <network>", "the experts' network", "convnet")
    .option("--count <n>", "experts there shall be", wholeNumber("--count", 1), 20)
    .option("--epochs <n>", "epochs, a state kept after each (default 50)", wholeNumber("--epochs", 1))
    .option(
      "--images <n|HxWxC>",
      "training images drawn at random for all experts (default all), or the size of the pictures in rows of numbers",
      (value: string, all: string[] | undefined) => collect(value, all ?? []),
    )
    .option("--augmentation <strategy>", "operators joined by _, or none (default the field's for the dataset)")
    .option("--adversarial <attack>", "train them adversarially: norm, radius and steps, e.g. linf,8/255,steps=3")
    .option("--seed <n>", "root of all randomness", wholeNumber("--seed"), 0)
    .option("--out <dir>", "folder (default runs/experts/<dataset>-<net>-seed<n>)")
    .option("--list", "list the experts that are there, train none")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (dataset: string, flags: ExpertsFlags & Device & Plugins) => {
      await prepare(flags);
      await extend(flags);
      await (await import("../expertsCommand.ts")).expertsCommand(dataset, flags);
    });
}
