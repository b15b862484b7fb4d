import type { Command } from "commander";
import { points } from "../share.ts";
import { wholeNumber } from "../wholeNumber.ts";
import type { ImportFlags } from "./importCommand.ts";

type Add = (parent: Command, usage: string, description: string, ...examples: string[]) => Command;

/** Adds `attar benchmark import` to the command of benchmarks. */
export function registerImport(benchmark: Command, add: Add): void {
  add(
    benchmark,
    "import <file>",
    "take in a set that was made elsewhere, as a folder that evaluate and studies read, and look for what is often wrong",
    "attar benchmark import res_DC_CIFAR10_ConvNet_10ipc.pt --as vico --on cifar-10 --out sets/dc --claimed 44.9",
    "attar benchmark import logged_files/images_best.pt --as mtt --on cifar-10 --space zca --out sets/mtt",
    "attar benchmark import data.pt --as idc --factor 2 --on mnist --out sets/idc",
  )
    .option("--as <layout>", "vico, mtt, idc, dd-ranking, kip, npz or imagefolder")
    .option("--on <dataset>", "dataset that it was condensed from")
    .option("--out <dir>", "folder to write (default sets/<file>)")
    .option("--space <units>", "of the images: normalised, pixels (0 to 1) or zca (default the layout's)")
    .option("--mean <list>", "mean per channel that its authors normalised with (default the dataset's)")
    .option("--std <list>", "deviation per channel that its authors normalised with (default the dataset's)")
    .option("--factor <n>", "small images along a side of a stored one (default 1)", wholeNumber("--factor", 1, 16, 2))
    .option("--order <list>", "the class that each label means, by number: 1,0,2")
    .option("--set <n>", "which set of a file, from 0 (default all)", wholeNumber("--set"))
    .option("--claimed <points>", "accuracy that is claimed for it, per cent: kept beside", points("--claimed"))
    .option("--source <text>", "where it is claimed")
    .option("--name <text>", "its name in tables (default the file's)")
    .action(async (file: string, flags: ImportFlags) =>
      (await import("./importCommand.ts")).importCommand(file, flags),
    );
}
