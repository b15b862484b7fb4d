import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { AttarError } from "../engine/errors.ts";
import { shellWord } from "../engine/shellWord.ts";

/**
 * The file a person means: a `.safetensors` file itself, or the one in a run folder.
 *
 * @param others what else could be given, for the hint
 * @throws AttarError "absent-file" where there is nothing, "unfinished-run" for a run without its file
 */
export function condensedFile(subject: string, others: readonly string[] = []): string {
  if (!existsSync(subject))
    throw new AttarError(
      "absent-file",
      `there is no run or file ${subject}`,
      `give a run folder${others.length > 0 ? `, a .safetensors file, or one of ${others.join(", ")}` : " or a .safetensors file"}`,
    );
  if (!statSync(subject).isDirectory()) {
    if (/\.(safetensors|npz)$/i.test(subject)) return subject;
    throw new AttarError(
      "bad-data",
      `${subject} is no condensed set: read are run folders, their condensed.safetensors and the .npz that attar export writes`,
      /\.pt[h]?$/i.test(subject)
        ? `attar benchmark import ${shellWord(subject)} --as vico --on cifar-10 takes such files in; --as names the layout`
        : "name the folder of the run",
    );
  }
  const file = join(subject, "condensed.safetensors");
  if (existsSync(file)) return file;
  if (existsSync(join(subject, "checkpoint")))
    throw new AttarError(
      "unfinished-run",
      `${subject} has no condensed.safetensors: the run is not finished`,
      "continue it: the attar condense command it was made with, and --resume",
    );
  throw new AttarError(
    "absent-file",
    `${subject} is not a run folder: it has no condensed.safetensors`,
    "make one with attar condense <dataset> --out <folder>",
  );
}
