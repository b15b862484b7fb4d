import { appendFile, lstat, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { cannotWrite, makeFolder } from "../../data/node/writeAtomic.node.ts";
import { isReadingValue, type Score, type ScoreStore } from "../index.ts";

/**
 * Scores in a file, a JSON object a line; of two with one key the later counts. Several processes may add to it. A line that
 * holds no score, such as one that a crash cut short, is passed over. To a file that does not begin with a score, or is none but
 * a link, nothing is added.
 *
 * @param resume whether those already there count
 * @param warn told once why scores cannot be kept; the evaluation goes on without
 */
export async function scoreFile(path: string, resume: boolean, warn: (note: string) => void): Promise<ScoreStore> {
  const found = await lstat(path).catch(() => undefined);
  const text = found?.isFile() ? await readFile(path, "utf8").catch(() => "") : "";
  const own = !found || (found.isFile() && (text.startsWith(start) || start.startsWith(text)));
  const known = new Map(resume ? text.split("\n").flatMap(read) : []);
  let state: "closed" | "open" | "failed" = "closed";
  return {
    get: (key) => known.get(key),
    async set(key, score) {
      if (state === "failed") return;
      if (!own) {
        state = "failed";
        warn(`scores are not kept: ${path} is another program's`);
        return;
      }
      try {
        if (state === "closed") await makeFolder(dirname(path));
        const cut = state === "closed" && text !== "" && !text.endsWith("\n");
        await appendFile(path, `${cut ? "\n" : ""}${JSON.stringify({ key, ...score })}\n`);
        state = "open";
      } catch (error) {
        state = "failed";
        warn(`scores are not kept: ${cannotWrite(path, error).message}`);
      }
    },
  };
}

/** The beginning of every score's line. */
const start = '{"key":';

/** A line's score; earlier versions wrote an accuracy in place of values. */
function read(line: string): [string, Score][] {
  try {
    const { key, accuracy, values = { accuracy }, seconds } = JSON.parse(line) as Record<string, unknown>;
    const timed = typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0;
    return typeof key === "string" && timed && areValues(values) ? [[key, { values, seconds }]] : [];
  } catch {
    return [];
  }
}

function areValues(values: unknown): values is Score["values"] {
  if (values === null || typeof values !== "object" || Array.isArray(values)) return false;
  const entries = Object.entries(values);
  return entries.length > 0 && entries.every(([name, value]) => isReadingValue(name, value));
}
