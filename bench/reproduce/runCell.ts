import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Row, rowSchema } from "../../src/benchmark/rows/row.ts";
import { AttarError } from "../../src/engine/index.ts";
import { digestOfBuild } from "./built.ts";
import { type Cell, type Family, nameOf, studyOf } from "./cell.ts";

/** How a cell is run. */
export interface Making {
  /** Whether it is computed from the beginning, whatever the store has of it. */
  readonly again?: boolean;
  /** As of `attar benchmark run`. */
  readonly device?: string;
}

/**
 * Computes one cell of a study by `attar benchmark run`; an interrupted one continues.
 *
 * @returns its rows
 * @throws AttarError "reproduction-failed" (exit code 1, or 4 where it was interrupted), "rebuilt" (exit code 1).
 */
export async function runCell(family: Family, cell: Cell, { again, device }: Making = {}): Promise<readonly Row[]> {
  const store = again ? join("runs", "reproduce", nameOf(cell)) : join("runs", "benchmark");
  if (again) await rm(store, { recursive: true, force: true });
  const built = digestOfBuild();
  const only = [studyOf(family.name), "--only", cell.scores, "--store", store];
  await attar(["benchmark", "run", ...only, ...(device ? ["--device", device] : [])]);
  const text = await attar(["benchmark", "rows", ...only]);
  if (digestOfBuild() !== built)
    throw new AttarError("rebuilt", "dist/ was built anew from other code while the cell ran", "run it again", 1);
  const rows = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => rowSchema.parse(JSON.parse(line)));
  const lost = rows.find(({ status }) => status !== "ok");
  if (!lost && rows.some(({ metric }) => metric === "accuracy")) return rows;
  throw new AttarError("reproduction-failed", `${cell.scores}: ${lost?.reason ?? "it has no result"}`, "", 1);
}

/** Runs the command line and reads its stdout. */
function attar(words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join("dist", "cli", "main.js"), ...words], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(text);
      const failed = `attar ${words.join(" ")} ended with ${code}`;
      reject(new AttarError("reproduction-failed", failed, "", code === 4 ? 4 : 1));
    });
  });
}
