import { encodeRows, type RowFormat, rowFormats } from "../../benchmark/rows/encode.node.ts";
import { rowsOf } from "../../benchmark/rows/rowsOf.node.ts";
import { writeAtomic } from "../../data/index.ts";
import { AttarError, nearest } from "../../engine/errors.ts";
import { counted } from "../numbers.ts";
import { log } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { openStudy, type StudyFlags } from "./studyFlags.ts";

export interface RowsFlags extends StudyFlags {
  to?: string;
  out?: string;
}

/** `attar benchmark rows`: a study's numbers, a row each, on stdout or into a file. */
export async function rowsCommand(file: string, flags: RowsFlags): Promise<void> {
  const format = formatOf(flags);
  const opened = await openStudy(file, flags);
  const rows = await rowsOf(opened.cells, await planOf(opened), opened.store);
  const content = encodeRows(rows, format);
  if (flags.out !== undefined) {
    await writeAtomic(flags.out, content);
    log(`${counted(rows.length, "row")} in ${flags.out}`, flags);
  } else if (typeof content === "string") process.stdout.write(content);
  else throw new AttarError("bad-option", "rows as Parquet go into a file", "add --out rows.parquet");
}

/** The format asked for, or that the file's name says. */
function formatOf({ to, out, json }: RowsFlags): RowFormat {
  const asked = to ?? (out === undefined ? undefined : /\.([a-z]+)$/.exec(out)?.[1]) ?? (json ? "json" : "ndjson");
  const found = rowFormats.find((format) => format === asked);
  if (found) return found;
  const guess = nearest(asked, rowFormats);
  throw new AttarError(
    "bad-option",
    `rows are not written as "${asked}"`,
    guess ? `did you mean --to ${guess}?` : `use --to ${rowFormats.join(", ")}`,
  );
}
