import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { manifestName, writeManifest } from "../../data/node/manifest.node.ts";
import { readTextIfAny } from "../../data/node/readBytes.node.ts";
import { meantBy, removeTemporary } from "../../data/node/temporaryName.node.ts";
import { cannotWrite, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";
import { clearRun, runFiles } from "./runFiles.node.ts";
import { type RunRecord, readRecord } from "./runRecord.node.ts";

/** Names of files that a run writes to a temporary name first, by folder. */
const written: Readonly<Record<string, RegExp>> = {
  ".": /^(run\.json|events\.ndjson|condensed\.safetensors|privacy\.json|noise\.key|grid\.png|\.attar\.sha256)$/,
  checkpoint: /^state-\d+\.safetensors$/,
  snapshots: /^step-\d+\.png$/,
};

/**
 * Refuses a folder that holds files but no run. Call it before the folder is locked: nothing at all is written among files
 * that no run made, not even with `force`.
 *
 * @throws AttarError "not-a-run" (exit code 2), "cannot-write"
 */
export async function refuseOthersFolder(folder: string): Promise<void> {
  if (await readRecord(folder)) return;
  const ours = (name: string) =>
    ["lock", manifestName].includes(name) || meantBy(name) === "lock" || written["."]!.test(meantBy(name) ?? "");
  const entries = await list(folder).then((names) => names.filter((name) => !ours(name)));
  // A second look: a run may have begun there meanwhile.
  if (entries.length > 0 && !(await readRecord(folder)))
    throw new AttarError(
      "not-a-run",
      `${folder} holds files that are not a run's, such as ${entries[0]}`,
      "choose an empty or new --out folder",
    );
}

/**
 * Decides whether a run may start in a folder, and clears what `force` discards. Call it with the folder locked.
 *
 * @returns the record of the run that goes on; undefined where one starts.
 * @throws AttarError "run-exists", "run-unfinished", "foreign-files" (exit code 2) before anything is changed; "cannot-write"
 */
export async function prepareFolder(
  run: string,
  { resume, force = false }: { resume?: boolean; force?: boolean },
): Promise<RunRecord | undefined> {
  const record = await readRecord(run);
  if (record && !force && !resume) throw alreadyThere(run);
  if (record) {
    const files = await runFiles(run, record, force);
    for (const path of files.own.temporary) await remove(join(run, path));
    if (force) await clearRun(run, files);
    else if (!existsSync(join(run, manifestName))) await writeManifest(run, files.manifest);
  }
  for (const [folder, names] of Object.entries(written))
    await removeTemporary(join(run, folder), names).catch((error) => {
      if (error.code !== "ENOENT") throw cannotWrite(run, error);
    });
  return force ? undefined : record;
}

function alreadyThere(run: string): AttarError {
  return existsSync(join(run, "condensed.safetensors"))
    ? new AttarError(
        "run-exists",
        `${run} already holds a finished run`,
        "look at it, choose another --out folder, or start over with --force",
      )
    : new AttarError(
        "run-unfinished",
        `${run} holds an unfinished run`,
        "continue it with --resume, or start over with --force",
      );
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cannotWrite(folder, error);
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error) => {
    throw cannotWrite(path, error);
  });
}

/**
 * Drops from a resumed run's event log what will happen again: events after `step`, the end of a finished run, and a last
 * line cut short.
 */
export async function trimEvents(path: string, step: number): Promise<void> {
  const text = await readTextIfAny(path);
  if (!text) return;
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
