import type { Command } from "commander";
import type { AuditFlags } from "../auditCommand.ts";
import { withDatasetOptions } from "../datasetOptions.ts";
import { timeSpan } from "../timeSpan.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, collect, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar audit`. */
export function registerAudit(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "audit <subject>",
      "attack membership: condense many halves of a dataset as a run or a method does, and guess which samples were in one",
      "attar audit dp-dm --on digits --ipc 10 --net convnet:width=16 --shadows 16",
      "attar audit runs/mnist-dm-ipc10-seed0 --on mnist --pool 4000 --for 30m --plot roc.svg",
    ),
  )
    .option("--on <dataset>", "dataset whose training split is halved")
    .option(
      "--attack <list>",
      "attacks joined by commas, e.g. lira,shokri,distance; docs/privacy.md has all of them (default all)",
    )
    .option("--shadows <n>", "models: halves that are condensed, 4 at least (default 16)", wholeNumber("--shadows", 4))
    .option(
      "--pool <n>",
      "training samples that are asked about, drawn at random (default all)",
      wholeNumber("--pool", 1),
    )
    .option("--canaries <n>", "samples with a wrong label, asked about alone (default 0)", wholeNumber("--canaries"))
    .option("--controls <list>", "beside it: random, full, equal (in accuracy), or none (default random)")
    .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc", 1))
    .option("--preset <name>", "laptop (default) or paper")
    .option("--steps <n>", "updates of every set (default: the preset's)", wholeNumber("--steps", 1))
    .option("--net <network>", "trained on sets, and methods look through it (default convnet, for tables mlp)")
    .option("--repeats <n>", "networks a set (default 1)", wholeNumber("--repeats", 1))
    .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs", 1))
    .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
    .option("--set <path=value>", "one setting of the condensation; repeatable", collect, [])
    .option("--for <span>", "choose the number of models for so much time, e.g. 10m", timeSpan("--for"))
    .option("--out <dir>", "folder of the models (default runs/audit)")
    .option("--plot <file.svg>", "draw the curves, axes logarithmic")
    .option("--resume", "do not make models again that are there")
    .option("--dry-run", "say how many models there would be and how long they take, then stop")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (subject: string, flags: AuditFlags & Device & Plugins) => {
      await prepare(flags);
      const plugins = await extend(flags);
      await (await import("../auditCommand.ts")).auditCommand(subject, flags, plugins);
    });
}
