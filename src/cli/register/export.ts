import type { Command } from "commander";
import type { ExportFlags } from "../exportCommand.ts";
import { add } from "./command.ts";

/** `attar export`. */
export function registerExport(program: Command): void {
  add(
    program,
    "export <run>",
    "write a condensed set for other programs, with the recipe to train on it where the format holds one",
    "attar export runs/mnist --to huggingface --out mnist-in-100-images",
    "attar export runs/mnist --to pytorch --on mnist",
  )
    .requiredOption(
      "--to <format>",
      "png, imagefolder, parquet, npz, csv, codes (what the images are decoded from), huggingface (a dataset repository) or pytorch",
    )
    .option("--out <dir>", "folder (default <run>-<format>)")
    .option("--net <network>", "network of the recipe, e.g. convnet:width=64 (default convnet, for tables mlp)")
    .option("--on <dataset>", "pytorch: the dataset whose test split goes along")
    .action(async (run: string, flags: ExportFlags) => (await import("../exportCommand.ts")).exportCommand(run, flags));
}
