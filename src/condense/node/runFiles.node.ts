import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, readManifest, writeManifest } from "../../data/node/manifest.node.ts";
import { type OwnFiles, ownFiles, removeOwnFiles } from "../../data/node/ownFiles.node.ts";
import { cannotWrite } from "../../data/node/writeAtomic.node.ts";
import { picturePlaces } from "../../data/node/writePictures.node.ts";
import { AttarError } from "../../engine/index.ts";
import { earlierRun, snapshotName } from "./earlierRun.node.ts";
import { destroyNoiseKey } from "./noiseKey.node.ts";
import { removeCheckpoints } from "./ownCheckpoints.node.ts";
import type { RunRecord } from "./runRecord.node.ts";

const [set, claim] = ["condensed.safetensors", "privacy.json"];

/** Logs of a run, and how each of their lines begins. */
const logs = { "events.ndjson": '{"event":"', "scores.ndjson": '{"key":"' } as const;

/** The files that a run left in its folder, certain to be attar's. */
export interface RunFiles {
  readonly own: OwnFiles;
  readonly manifest: Manifest;
}

/**
 * Looks through a run's folder before the run goes on or starts over, and changes nothing. Files that are in nobody's way,
 * such as notes, are left out.
 *
 * @param force whether everything will be removed, so that even what an earlier version left half written has to be known.
 * @throws AttarError "foreign-files" (exit code 2) where a file that a run would write is not one that attar wrote, or has
 * been changed since; "cannot-write" where it cannot be read.
 */
export async function runFiles(run: string, record: RunRecord, force: boolean): Promise<RunFiles> {
  for (const folder of ["checkpoint", "snapshots"]) await refuseOther(run, folder, "folder");
  await refuseOther(run, "run.json", "file");
  for (const [log, start] of Object.entries(logs)) {
    await refuseOther(run, log, "file");
    if ((force || log === "events.ndjson") && !(await isLog(join(run, log), start)))
      throw foreign(join(run, log), "holds lines that attar did not write");
  }
  const known = await readManifest(run);
  const earlier = known ? undefined : await earlierRun(run, record);
  const manifest = known ?? earlier?.manifest ?? new Map();
  const unsure = earlier && !earlier.set && !force;
  const snapshots = (await list(join(run, "snapshots"))).filter((name) => snapshotName.test(name));
  const places = [...snapshots.map((name) => `snapshots/${name}`), ...(unsure ? [] : [set, claim, ...picturePlaces])];
  return { own: await ownFiles(run, places, manifest), manifest };
}

/**
 * Removes what a run left, the finished set first, so that a removal cut short leaves an unfinished run. run.json stays, to
 * be replaced by the new run's.
 *
 * @throws AttarError "cannot-write"
 */
export async function clearRun(run: string, { own }: RunFiles): Promise<void> {
  try {
    if (own.files.has(set)) await rm(join(run, set), { force: true });
    await removeCheckpoints(join(run, "checkpoint"));
    for (const log of Object.keys(logs)) await rm(join(run, log), { force: true });
    await destroyNoiseKey(run);
  } catch (error) {
    throw cannotWrite(run, error);
  }
  await removeOwnFiles(run, { ...own, folders: ["checkpoint", "snapshots", ...own.folders] });
  await writeManifest(run, new Map());
}

/** Tells whether a log holds nothing but lines of its kind, the last or one in between perhaps cut short by a crash. */
async function isLog(path: string, start: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw cannotWrite(path, error);
  });
  return text.split("\n").every((line) => line.startsWith(start) || start.startsWith(line));
}

async function refuseOther(run: string, name: string, kind: "file" | "folder"): Promise<void> {
  const path = join(run, name);
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw cannotWrite(path, error);
  });
  if (!found || (kind === "file" ? found.isFile() : found.isDirectory())) return;
  throw foreign(path, found.isSymbolicLink() ? "is a link, and attar writes through none" : `is no ${kind}`);
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cannotWrite(folder, error);
  }
}

const foreign = (path: string, why: string) =>
  new AttarError(
    "foreign-files",
    `${path} ${why}; nothing has been changed`,
    `choose another --out folder, or move ${path} away`,
  );
