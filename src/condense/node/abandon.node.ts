import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { manifestName } from "../../data/node/manifest.node.ts";
import { AttarError } from "../../engine/index.ts";
import { noiseKeyName } from "./noiseKey.node.ts";

/** Tells whether a run that failed before its first checkpoint could never go on: wrong input, or a fault. */
export const isHopeless = (error: unknown): boolean => !(error instanceof AttarError) || error.exitCode === 2;

/** Tells whether there is nothing in a folder, or no folder. */
export const isVacant = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [] as string[])).length === 0;

/**
 * Takes away what a run that failed at its start wrote into its folder: its record and manifest, and folders that are empty.
 * Call it with the folder locked; the folder itself goes with {@link removeIfVacant} once it is unlocked.
 */
export async function abandonRun(run: string): Promise<void> {
  for (const name of ["run.json", noiseKeyName, manifestName])
    await rm(join(run, name), { force: true }).catch(() => {});
  for (const name of ["checkpoint", "snapshots"]) await removeIfVacant(join(run, name));
}

/** Removes a folder that is empty; any other stays. */
export async function removeIfVacant(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {});
}
