import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Provenance } from "../../src/condense/node/provenance.node.ts";
import type { Computed } from "../../src/condense/node/stretches.ts";
import { AttarError } from "../../src/engine/index.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { infiniteNetworkNamed, parseNetwork } from "../../src/hypotheses/index.ts";
import { isDrawn } from "../../src/synthetic/index.ts";
import { digestOfBuild } from "./built.ts";
import type { Cell } from "./cell.ts";
import { commandsOf, type Making, runFolder } from "./commands.ts";
import { type CommitOf, checkedOut } from "./commit.ts";
import { condensedAt, noteCommit } from "./condensedAt.ts";
import { isCoreset } from "./coresets.ts";
import { type CellResult, type Machine, settingsOf } from "./result.ts";
import { trainingImages } from "./trainingImages.ts";

/**
 * Condenses and scores one cell through the command line, each in a process of its own; an interrupted one
 * continues.
 *
 * @throws AttarError "reproduction-failed" (exit code 1, or 4 where the command was interrupted), "rebuilt" (exit code 1).
 */
export async function runCell(cell: Cell, making: Making = {}): Promise<CellResult> {
  const commit = await checkedOut();
  const settings = settingsOf(cell);
  const commands = commandsOf(cell, settings, making);
  const run = isCoreset(cell) ? undefined : runFolder(cell, settings);
  if (run) await noteCommit(run, commit.id, making.again ?? false);
  const built = digestOfBuild();
  let last: object = {};
  for (const words of commands) last = await lastLine([...words, "--json", "--quiet"]);
  if (digestOfBuild() !== built)
    throw new AttarError("rebuilt", "dist/ was built anew from other code while the cell ran", "run it again", 1);
  const evaluation = last as Evaluation;
  return {
    cell,
    settings,
    commit,
    ...(await seedsOf(evaluation, run)),
    ...countsOf(cell, evaluation),
    commands: commands.map((words) => `attar ${words.join(" ")}`),
    ...(run ? await madeWhere(run) : { machine: thisMachine(), seconds: 0 }),
    ...(run && (await otherCommits(run, commit))),
    evaluation,
  };
}

/** The number of sets, networks and images behind a figure. */
export function countsOf(cell: Cell, { results }: Evaluation): Pick<CellResult, "sets" | "networks" | "images"> {
  const { net, accuracy } = results[0]!;
  const { length: runs } = accuracy!.runs;
  const trained = infiniteNetworkNamed(parseNetwork(net).name) ? 0 : runs;
  return {
    sets: isDrawn(cell.method) ? runs : 1,
    networks: trained,
    images: trainingImages(cell),
  };
}

async function seedsOf({ protocol }: Evaluation, run?: string): Promise<Pick<CellResult, "seeds">> {
  if (!run) return { seeds: { evaluate: protocol.seed } };
  const { configuration } = JSON.parse(await readFile(join(run, "run.json"), "utf8")) as {
    configuration: { seed: number };
  };
  return { seeds: { condense: configuration.seed, evaluate: protocol.seed } };
}

async function otherCommits(run: string, { id }: CommitOf): Promise<Pick<CellResult, "condensedAt">> {
  const commits = await condensedAt(run);
  return commits.every((commit) => commit === id) ? {} : { condensedAt: commits };
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

/**
 * Seconds of the steps after `from` up to `until`: events count from the start of their own process. The end of a run is not
 * counted, which a run that had ended reports once more.
 */
function secondsOf(
  events: readonly { event: string; step?: number; seconds?: number }[],
  from = 0,
  until = Number.POSITIVE_INFINITY,
) {
  let [total, latest] = [0, 0];
  for (const { event, step = 0, seconds = 0 } of events) {
    if (event !== "step" || step <= from || step > until) continue;
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
