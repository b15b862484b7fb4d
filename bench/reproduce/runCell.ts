import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Provenance } from "../../src/condense/node/provenance.node.ts";
import type { Computed } from "../../src/condense/node/stretches.ts";
import { AttarError } from "../../src/engine/index.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { type Cell, commandsOf, type Family, type Making, runOf } from "./cell.ts";
import { isCoreset } from "./families.ts";
import { type CellResult, type Machine, settingsOf } from "./result.ts";

/**
 * Condenses and scores one cell through the command line, each in a process of its own; an interrupted one
 * continues.
 *
 * @throws AttarError "reproduction-failed" (exit code 1, or 4 where the command was interrupted).
 */
export async function runCell(family: Family, cell: Cell, making: Making = {}): Promise<CellResult> {
  const run = join("runs", "reproduce", family.name, runOf(cell));
  const commands = commandsOf(cell, run, isCoreset(cell), making);
  let last: object = {};
  for (const words of commands) last = await lastLine([...words, "--json", "--quiet"]);
  return {
    cell,
    settings: settingsOf(cell),
    commands: commands.map((words) => `attar ${words.join(" ")}`),
    ...(isCoreset(cell) ? { machine: thisMachine(), seconds: 0 } : await madeWhere(run)),
    evaluation: last as unknown as Evaluation,
  };
}

const thisMachine = () => ({ cpu: cpus()[0]?.model.trim() ?? "unknown", cores: availableParallelism() });

/** Where a run was condensed and how long that took, by its own record: the scoring alone may be done on this machine. */
async function madeWhere(run: string): Promise<Pick<CellResult, "machine" | "seconds" | "earlier">> {
  const record = JSON.parse(await readFile(join(run, "run.json"), "utf8")) as Computed;
  const events = (await readFile(join(run, "events.ndjson"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((l) => JSON.parse(l));
  const ends = (record.earlier ?? []).map(({ until }) => until);
  const earlier = (record.earlier ?? []).map((stretch, i) => ({
    ...machineOf(stretch),
    until: stretch.until,
    seconds: secondsOf(events, ends[i - 1], stretch.until),
  }));
  return {
    machine: machineOf(record),
    seconds: secondsOf(events, ends.at(-1)),
    ...(earlier.length > 0 && { earlier }),
  };
}

function machineOf({ device, cores, executor }: Provenance): Machine {
  const card = /-(cuda|webgpu)$/.exec(executor)?.[1];
  return { cpu: device.split(" ").slice(2).join(" "), cores, ...(card && { card }) };
}

/** Seconds of the steps after `from` up to `until`: events count from the start of their own process. */
function secondsOf(events: readonly { step?: number; seconds?: number }[], from = 0, until = Number.POSITIVE_INFINITY) {
  let [total, latest, step] = [0, 0, 0];
  for (const event of events) {
    step = event.step ?? step;
    if (event.seconds === undefined || step <= from || step > until) continue;
    if (event.seconds < latest) total += latest;
    latest = event.seconds;
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
