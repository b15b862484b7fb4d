import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { AttarError } from "../../src/engine/index.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { type Cell, commandsOf, type Family, type Making, nameOf } from "./cell.ts";
import { isCoreset } from "./families.ts";
import { type CellResult, settingsOf } from "./result.ts";

/**
 * Condenses and scores one cell through the command line, each in a process of its own; an interrupted one
 * continues.
 *
 * @throws AttarError "reproduction-failed" (exit code 1, or 4 where the command was interrupted).
 */
export async function runCell(family: Family, cell: Cell, making: Making = {}): Promise<CellResult> {
  const run = join("runs", "reproduce", family.name, nameOf(cell));
  const commands = commandsOf(cell, run, isCoreset(cell), making);
  let last: object = {};
  for (const words of commands) last = await lastLine([...words, "--json", "--quiet"]);
  return {
    cell,
    settings: settingsOf(cell),
    commands: commands.map((words) => `attar ${words.join(" ")}`),
    machine: isCoreset(cell) ? thisMachine() : await machineOf(run),
    seconds: isCoreset(cell) ? 0 : await secondsOf(run),
    evaluation: last as unknown as Evaluation,
  };
}

const thisMachine = () => ({ cpu: cpus()[0]?.model.trim() ?? "unknown", cores: availableParallelism() });

/** The machine that a run was condensed on, by its own record: the scoring alone may be done on this one. */
async function machineOf(run: string): Promise<CellResult["machine"]> {
  const text = await readFile(join(run, "run.json"), "utf8");
  const { device, cores, executor } = JSON.parse(text) as { device: string; cores: number; executor: string };
  const card = /-(cuda|webgpu)$/.exec(executor)?.[1];
  return { cpu: device.split(" ").slice(2).join(" "), cores, ...(card && { card }) };
}

/** Seconds of condensation, those before an interruption included: events count from the start of their own process. */
async function secondsOf(run: string): Promise<number> {
  const text = await readFile(join(run, "events.ndjson"), "utf8");
  let [total, latest] = [0, 0];
  for (const line of text.trimEnd().split("\n")) {
    const { seconds } = JSON.parse(line) as { seconds?: number };
    if (seconds === undefined) continue;
    if (seconds < latest) total += latest;
    latest = seconds;
  }
  return total + latest;
}

/** Runs the command line and reads the last line of its stdout, a JSON object. */
function lastLine(words: readonly string[]): Promise<object> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join("dist", "cli", "main.js"), ...words], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text = (text + part).slice(-1_000_000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const line = text.trimEnd().split("\n").at(-1) ?? "";
      if (code === 0) return resolve(JSON.parse(line) as object);
      const failed = `attar ${words.join(" ")} ended with ${code}: ${line}`;
      reject(new AttarError("reproduction-failed", failed, "", code === 4 ? 4 : 1));
    });
  });
}
