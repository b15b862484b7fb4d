import { readFileSync, statSync } from "node:fs";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { cannotRead, checkRegular } from "../../data/node/regularFile.node.ts";
import { AttarError } from "../../engine/errors.ts";

/**
 * The value of a JSON file.
 *
 * @param noun what the file is, for errors
 * @throws AttarError "bad-study" (exit code 2) for a file that cannot be read or is no JSON
 */
export function readJson(file: string, noun: string): unknown {
  let content: string;
  try {
    checkRegular(file, statSync(file));
    content = readFileSync(file, "utf8");
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new AttarError(
      "bad-study",
      absent ? `there is no ${noun} ${file}` : cannotRead(file, error).message,
      "docs/benchmark.md has an example to start from",
    );
  }
  try {
    return parseStrictJson(content.replace(/^\uFEFF/, ""), file);
  } catch (error) {
    throw error instanceof AttarError ? new AttarError("bad-study", error.message, error.hint) : error;
  }
}
