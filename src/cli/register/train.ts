import type { Command } from "commander";
import { withDatasetOptions } from "../datasetOptions.ts";
import type { TrainFlags } from "../trainCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar train`. */
export function registerTrain(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "train <subject>",
      "train one network on a run, its .safetensors or exported .npz file, or a coreset, and write it as an ONNX file",
      "attar train runs/mnist --on mnist --to mnist.onnx",
    ),
  )
    .option("--on <dataset>", "dataset whose test split scores it")
    .option("--to <file>", "the .onnx file to write; normalisation is inside")
    .option("--ipc <n>", "images per class of a coreset (default 10)", wholeNumber("--ipc", 1))
    .option("--net <network>", "e.g. convnet:width=64 (default convnet, for tables mlp)")
    .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs", 1))
    .option(
      "--augmentation <strategy>",
      "operators joined by _, a scheme of them, or none (default what the set was made for)",
    )
    .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (subject: string, flags: TrainFlags & Device & Plugins) => {
      await prepare(flags);
      await extend(flags);
      await (await import("../trainCommand.ts")).trainCommand(subject, flags);
    });
}
