import type { Command } from "commander";
import type { MethodsFlags } from "../methodsCommand.ts";
import { add, extend, type Plugins, pluginOption } from "./command.ts";

const methodColumns = `
What the words mean:
  discrepancy     how synthetic and real data are compared
  matchingSpace   what is compared: gradients, embeddings, outputs, parameters
  optimizedSpace  what is learned: pixels, or what pixels are made of
  hypotheses      the networks it looks through, and how they come about
  tricks          what else it does
  laptop, paper   rows of hyperparameters by dataset, shape, classes and ipc: ours, its authors'
  departs         where it is not what its authors did`;

/** `attar methods`. */
export function registerMethods(program: Command): void {
  add(
    program,
    "methods [name]",
    "methods there are, or all about one, listed or in a file",
    "attar methods",
    "attar methods dm",
    "attar methods dm --record > mine.json",
  )
    .addHelpText("after", methodColumns)
    .option(...pluginOption)
    .option("--record", "its record as JSON, to start a method of your own from")
    .option("--table", "Table 4 of the paper and the methods that are its rows")
    .option("--markdown", "as a Markdown table")
    .action(async (name: string | undefined, flags: MethodsFlags & Plugins) => {
      await extend(flags);
      (await import("../methodsCommand.ts")).methodsCommand(name, flags);
    });
}
