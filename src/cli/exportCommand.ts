import { exportFormats, exportLosses, exportSet, readCondensed } from "../data/index.ts";
import { AttarError, nearest } from "../engine/errors.ts";
import { condensedFile } from "./condensedFile.ts";
import { log, type OutputOptions, print, printJson } from "./output.ts";

export interface ExportFlags extends OutputOptions {
  to: string;
  out?: string;
}

/** `attar export <run> --to <format>`. */
export async function exportCommand(run: string, flags: ExportFlags): Promise<void> {
  if (!(exportFormats as readonly string[]).includes(flags.to)) {
    const guess = nearest(flags.to, exportFormats);
    throw new AttarError(
      "unknown-option",
      `unknown export format "${flags.to}"`,
      guess ? `did you mean --to ${guess}?` : `formats: ${exportFormats.join(", ")}`,
    );
  }
  const set = await readCondensed(condensedFile(run));
  const folder = flags.out ?? `${run.replace(/\/+$/, "").replace(/\.safetensors$/, "")}-${flags.to}`;
  const paths = await exportSet(set, flags.to, folder);
  for (const loss of exportLosses(set, flags.to)) log(loss, flags);
  if (flags.json) printJson({ paths });
  else print(paths.join("\n"));
}
