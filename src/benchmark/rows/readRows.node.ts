import { readFile } from "node:fs/promises";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { AttarError } from "../../engine/errors.ts";
import { type Row, rowSchema } from "./row.ts";

/**
 * Reads rows from a file of NDJSON, as `attar benchmark rows --out rows.ndjson` writes it.
 *
 * @throws AttarError "no-file", "bad-rows" naming the line and the column
 */
export async function readRows(path: string): Promise<readonly Row[]> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new AttarError("no-file", `${path} cannot be read`, "name a study, or a .ndjson file of rows");
  });
  return rowsIn(text, path);
}

/** The rows of a text of NDJSON. @param where what to call it in an error @throws AttarError "bad-rows" */
export function rowsIn(text: string, where: string): readonly Row[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, i) => rowAt(line, `${where}, line ${i + 1}`));
}

function rowAt(line: string, where: string): Row {
  const hint = "rows are written by attar benchmark rows STUDY --out rows.ndjson";
  let value: unknown;
  try {
    value = parseStrictJson(line, where);
  } catch {
    throw new AttarError("bad-rows", `${where} is not JSON`, hint);
  }
  const found = rowSchema.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new AttarError(
    "bad-rows",
    `${where}: ${issue!.path.join(".") || "the row"} ${issue!.message.toLowerCase()}`,
    hint,
  );
}
