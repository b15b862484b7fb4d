import type { Command } from "commander";
import { decimalNumber } from "../decimalNumber.ts";
import type { OutputOptions } from "../output.ts";
import type { EpsilonFlags, SigmaFlags } from "../privacyCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add } from "./command.ts";

/** `attar privacy`. */
export function registerPrivacy(program: Command): void {
  const privacy = add(
    program,
    "privacy [run]",
    "the privacy that a run keeps, its ε computed anew; and what noise costs",
    "attar privacy runs/mnist-dp-dm-ipc10-seed0",
    "attar privacy sigma --epsilon 1 --q 1000/60000 --steps 300 --delta 1e-5",
  ).action(async (run: string | undefined, flags: OutputOptions) =>
    (await import("../privacyCommand.ts")).privacyCommand(run, flags),
  );

  const withReleases = (command: Command) =>
    command
      .option(
        "--q <probability>",
        "of a sample to enter a release, e.g. 256/60000 (default 1: all do)",
        decimalNumber("--q", "0.01"),
      )
      .option("--steps <n>", "releases (default 1)", wholeNumber("--steps", 1))
      .option("--delta <delta>", "δ", decimalNumber("--delta", "1e-5"))
      .option("--relation <name>", "add-remove (default) or replace-one");
  withReleases(
    add(
      privacy,
      "epsilon",
      "the ε that noised sums cost",
      "attar privacy epsilon --sigma 1.1 --q 256/60000 --steps 14063 --delta 1e-5",
    ),
  )
    .option("--sigma <sigma>", "standard deviation of the noise over the clip", decimalNumber("--sigma", "1"))
    .option("--group <n>", "samples that may all be one person's", wholeNumber("--group", 1))
    .action(async (flags: EpsilonFlags, command: Command) =>
      (await import("../privacyCommand.ts")).epsilonCommand({ ...flags, ...command.optsWithGlobals() }),
    );

  withReleases(
    add(
      privacy,
      "sigma",
      "the least noise that keeps an ε",
      "attar privacy sigma --epsilon 1 --q 1000/60000 --steps 300 --delta 1e-5",
    ),
  )
    .option("--epsilon <epsilon>", "ε to keep", decimalNumber("--epsilon", "1"))
    .action(async (flags: SigmaFlags, command: Command) =>
      (await import("../privacyCommand.ts")).sigmaCommand({ ...flags, ...command.optsWithGlobals() }),
    );
}
