import type { Command } from "commander";
import type { CiteFlags } from "../citeCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, extend, type Plugins, pluginOption } from "./command.ts";

/** `attar cite`. */
export function registerCite(program: Command): void {
  add(
    program,
    "cite [methods...]",
    "BibTeX of methods and of every part that they use",
    "attar cite dm",
    "attar cite idc mtt --on cifar-10 --preset paper > references.bib",
  )
    .option("--on <dataset>", "a dataset known by name, whose settings are used (default those of your own images)")
    .option("--preset <name>", "laptop (default) or paper")
    .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc", 1))
    .option(...pluginOption)
    .action(async (names: string[], flags: CiteFlags & Plugins) => {
      await extend(flags);
      await (await import("../citeCommand.ts")).citeCommand(names, flags);
    });
}
