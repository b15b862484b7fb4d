import { appendFile, readFile } from "node:fs/promises";
import { cannotWrite, writeAtomic } from "../data/node/writeAtomic.node.ts";
import type { Score, ScoreStore } from "../evaluate/index.ts";

/**
 * Scores in a file, a JSON object a line. A last line that a crash cut short is passed over.
 *
 * @param resume whether those already there count; else the file starts anew at the first score
 * @param warn told once why scores cannot be kept; the evaluation goes on without
 */
export async function scoreFile(path: string, resume: boolean, warn: (note: string) => void): Promise<ScoreStore> {
  const text = resume ? await readFile(path, "utf8").catch(() => "") : "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const known = new Map(
    whole
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Score & { key: string })
      .map(({ key, accuracy, seconds }) => [key, { accuracy, seconds }]),
  );
  let state: "closed" | "open" | "failed" = "closed";
  return {
    get: (key) => known.get(key),
    async set(key, score) {
      if (state === "failed") return;
      try {
        if (state === "closed") await writeAtomic(path, whole);
        state = "open";
        await appendFile(path, `${JSON.stringify({ key, ...score })}\n`);
      } catch (error) {
        state = "failed";
        warn(`scores are not kept: ${cannotWrite(path, error).message}`);
      }
    },
  };
}
