import { exportLosses, load, readCondensed } from "../data/index.ts";
import { AttarError, nearest } from "../engine/errors.ts";
import { exportTrainable, trainableFormats } from "../evaluate/node/exportTrainable.node.ts";
import { trainingOf } from "../evaluate/trainingRecipe.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { condensedFile } from "./condensedFile.ts";
import { readingFor } from "./evaluateCommand.ts";
import { madeBy, runOf } from "./madeBy.ts";
import { log, type OutputOptions, print, printJson, shellWord } from "./output.ts";

export interface ExportFlags extends OutputOptions {
  to: string;
  out?: string;
  net?: string;
  on?: string;
}

/** The formats that hold no recipe, and so no network. */
const withoutRecipe: readonly string[] = ["png", "imagefolder", "csv", "codes"];

/** `attar export <run> --to <format>`. */
export async function exportCommand(run: string, flags: ExportFlags): Promise<void> {
  const { to } = flags;
  if (!(trainableFormats as readonly string[]).includes(to)) {
    const guess = nearest(to, trainableFormats);
    throw new AttarError(
      "unknown-option",
      `unknown export format "${to}"`,
      guess ? `did you mean --to ${guess}?` : `formats: ${trainableFormats.join(", ")}`,
    );
  }
  refuseUnused(run, flags);
  const network = flags.net === undefined ? undefined : parseNetwork(flags.net);
  const set = await readCondensed(condensedFile(run));
  const test =
    flags.on === undefined
      ? undefined
      : await load(flags.on, await readingFor(run, set, flags.on, { ...flags, test: undefined }));
  const { folder: runFolder, domain } = await runOf(run, set);
  const options = { ...(network && { network }), ...(domain && { domain }) };
  const made = to === "huggingface" ? await madeBy(runFolder, set, await trainingOf(set, options)) : {};
  const folder = flags.out ?? `${run.replace(/\/+$/, "").replace(/\.safetensors$/, "")}-${to}`;
  const paths = await exportTrainable(set, to, folder, { ...options, made, ...(test && { test }) });
  for (const loss of exportLosses(set, to)) log(loss, flags);
  if (flags.json) return printJson({ paths });
  print(paths.join("\n"));
  if (to === "pytorch")
    log(
      `next: python ${shellWord(`${folder}/train.py`)}${test ? "" : " --test IDX-FOLDER, or export with --on DATASET"}`,
      flags,
    );
}

/** Refuses options that a format has no use for. @throws AttarError "bad-option" */
function refuseUnused(run: string, { to, on, net }: ExportFlags): void {
  if (on !== undefined && to !== "pytorch")
    throw new AttarError(
      "bad-option",
      `--on names the test split that goes along with --to pytorch, and ${to} holds none`,
      `attar export ${shellWord(run)} --to ${to}`,
    );
  if (net !== undefined && withoutRecipe.includes(to))
    throw new AttarError(
      "bad-option",
      `--net names the network of the recipe, and ${to} holds none`,
      `attar export ${shellWord(run)} --to ${to}`,
    );
}
