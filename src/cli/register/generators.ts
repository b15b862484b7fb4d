import type { Command } from "commander";
import { withDatasetOptions } from "../datasetOptions.ts";
import type { GeneratorsFlags } from "../generatorsCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, collect, type Device, prepare } from "./command.ts";

/** `attar generators`. */
export function registerGenerators(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "generators <dataset>",
      "train a generator of a dataset, judge it and picture its samples; the same command continues",
      "attar generators mnist --kind cvae",
      "attar generators digits --kind vq-vae --steps 2000 --set entries=32",
      "attar generators digits --kind cgan --steps 500",
      "attar generators digits --kind cyclegan --from fashion-mnist",
      "attar generators mnist --import weights.safetensors --family dcgan",
      "attar generators mnist --list",
    ),
  )
    .option(
      "--kind <name>",
      "cvae, vae, beta-vae, info-vae, vq-vae, ae, ldm, gan, cgan, wgan, wgan-gp, style, cyclegan or singan",
      "cvae",
    )
    .option("--from <dataset>", "data set whose images are the codes of cyclegan (default fashion-mnist)")
    .option("--import <file>", "take weights trained elsewhere, a .safetensors; needs --family")
    .option("--family <name>", "what they are: dcgan, taesd, sd-vae, stylegan2, biggan or biggan-deep")
    .option("--unjudged", "keep what is imported without judging its samples, which takes long of large models")
    .option("--config <file>", "a JSON file of the arguments that their authors made the model with")
    .option(
      "--steps <n>",
      "steps of its training, 0 for random weights (default 5000, 3000 of GANs, 2000 of style and ldm)",
      wholeNumber("--steps", 0),
    )
    .option("--samples <n>", "samples in the picture, and codes that --draw draws", wholeNumber("--samples", 1), 64)
    .option("--set <option=value>", "an option of the kind, batch or rate; repeatable", collect, [])
    .option("--seed <n>", "root of all randomness", wholeNumber("--seed"), 0)
    .option("--out <dir>", "folder (default runs/generators/<dataset>-<kind>-steps<n>-seed<n>)")
    .option("--list", "list the generators that are there, train none")
    .option("--draw <file>", "write codes drawn from the prior, a .safetensors")
    .option("--encode <file>", "write the codes of the test split, a .safetensors")
    .option("--decode <file>", "decode a file of codes; needs --to")
    .option("--to <file>", "where decoded images go: a .npy in the training normalisation, or a .png")
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (dataset: string, flags: GeneratorsFlags & Device) => {
      await prepare(flags);
      await (await import("../generatorsCommand.ts")).generatorsCommand(dataset, flags);
    });
}
