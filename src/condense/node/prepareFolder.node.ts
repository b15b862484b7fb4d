import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cannotWrite, makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";

/** Everything a run puts into its folder, the finished set first so that a deletion cut short leaves an unfinished run. */
const artefacts = [
  "condensed.safetensors",
  "checkpoint",
  "snapshots",
  "events.ndjson",
  "scores.ndjson",
  "images",
  "grid.png",
  "run.json",
] as const;

const isRun = (folder: string) => ["run.json", "checkpoint"].some((name) => existsSync(join(folder, name)));

/**
 * Call it before the folder is locked: nothing at all is written among files that no run made, not even with `force`.
 *
 * @throws AttarError "not-a-run"
 */
export async function refuseOthersFolder(folder: string): Promise<void> {
  if (isRun(folder)) return;
  const entries = (await readdir(folder)).filter((name) => name !== "lock" && !isTemporary(name));
  // A second look: a run may have begun there meanwhile.
  if (entries.length > 0 && !isRun(folder))
    throw new AttarError(
      "not-a-run",
      `${folder} holds files that are not a run's, such as ${entries[0]}`,
      "choose an empty or new --out folder",
    );
}

/**
 * Decides whether a run may start in a folder, and clears what `force` discards. Call it with the folder locked.
 *
 * @throws AttarError "run-exists", "run-unfinished", "cannot-write"
 */
export async function prepareFolder(run: string, options: { resume?: boolean; force?: boolean }): Promise<void> {
  if (options.force) await clear(run);
  else if (!options.resume && existsSync(join(run, "condensed.safetensors")))
    throw new AttarError(
      "run-exists",
      `${run} already holds a finished run`,
      "look at it, choose another --out folder, or start over with --force",
    );
  else if (!options.resume && isRun(run))
    throw new AttarError(
      "run-unfinished",
      `${run} holds an unfinished run`,
      "continue it with --resume, or start over with --force",
    );
  await makeFolder(join(run, "checkpoint"));
  for (const folder of [run, join(run, "checkpoint")])
    for (const name of await readdir(folder))
      if (isTemporary(name) && !name.startsWith(".lock.")) await rm(join(folder, name), { force: true });
}

/** What a write cut short by a kill leaves behind. */
const isTemporary = (name: string) => name.startsWith(".") && name.endsWith(".tmp");

async function clear(run: string): Promise<void> {
  try {
    for (const name of artefacts) await rm(join(run, name), { recursive: true, force: true });
  } catch (error) {
    throw cannotWrite(run, error);
  }
}

/**
 * Drops from a resumed run's event log what will happen again: events after `step`, the end of a finished run, and a last
 * line cut short.
 */
export async function trimEvents(path: string, step: number): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "") return;
  const kept = text.split("\n").filter((line) => {
    try {
      const event = JSON.parse(line);
      return event.event !== "done" && !(event.step > step);
    } catch {
      return false;
    }
  });
  await writeAtomic(path, kept.map((line) => `${line}\n`).join(""));
}
