import { appendFile, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import { writeCondensed } from "../../data/node/condensedFile.node.ts";
import { cannotWrite, makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { writeGrid, writePictures } from "../../data/node/writePictures.node.ts";
import type { Method } from "../../methods/method.ts";
import { condense, type RunOptions } from "../condense.ts";
import { type Configuration, resolveConfiguration } from "../configuration.ts";
import { otherConfiguration, readCheckpoint, writeCheckpoint } from "./checkpoint.node.ts";
import { lockRun } from "./lock.node.ts";
import { prepareFolder, refuseOthersFolder, trimEvents } from "./prepareFolder.node.ts";
import { provenance } from "./provenance.node.ts";
import { type Computed, earlierStretches } from "./stretches.ts";

export interface FolderOptions extends RunOptions {
  /** Continue an unfinished run. */
  resume?: boolean;
  /** Discard what the folder holds of an earlier run. */
  force?: boolean;
}

/** Events of a run that is kept in a folder: what `attar condense --json` prints. */
export type FolderEvent =
  | { event: "start"; run: string; configuration: object; step: number }
  | { event: "step"; step: number; steps: number; loss: number; seconds: number }
  | { event: "snapshot"; path: string; step: number }
  | { event: "done"; run: string; seconds: number; peakMemoryBytes: number; grid: string };

/**
 * Condenses into a run folder: run.json, events.ndjson, condensed.safetensors, images/, grid.png, snapshots/, checkpoint/.
 * Every file appears whole or not at all; a run killed at any moment continues with `resume` to the same bytes.
 *
 * @throws AttarError: see {@link condense}; and where the folder holds another run, is locked or cannot be written.
 */
export async function* condenseToFolder(
  dataset: Dataset,
  method: Method,
  folder: string,
  options: FolderOptions,
): AsyncGenerator<FolderEvent, CondensedSet> {
  const run = resolve(folder);
  const configuration = resolveConfiguration(dataset, method, options);
  await makeFolder(run);
  await refuseOthersFolder(run);
  const unlock = lockRun(run);
  try {
    await prepareFolder(run, options);
    if (options.resume) await checkConfiguration(run, configuration);
    const checkpoints = join(run, "checkpoint");
    const state = options.resume ? await readCheckpoint(checkpoints, configuration) : undefined;
    const [before, here] = [await recordOf(run), await provenance()];
    const earlier = state && before.device ? earlierStretches(before as Computed, here, state.step) : [];
    const record = { configuration, ...here, ...(earlier.length > 0 && { earlier }) };
    // A run that had ended is only written out once more: what made it, and in what time, stays.
    const ended = state?.step === configuration.steps && "seconds" in before;
    const keep = async (more: object) => {
      if (!ended) await writeAtomic(join(run, "run.json"), `${JSON.stringify({ ...record, ...more }, null, 2)}\n`);
    };
    await keep({});
    if (options.resume) await trimEvents(join(run, "events.ndjson"), state?.step ?? -1);
    const log = async (line: object) => {
      try {
        await appendFile(join(run, "events.ndjson"), `${JSON.stringify(line)}\n`);
      } catch (error) {
        throw cannotWrite(join(run, "events.ndjson"), error);
      }
    };
    for await (const event of condense(dataset, method, { ...options, state })) {
      if (event.event === "checkpoint") {
        await writeCheckpoint(checkpoints, configuration, event.state);
        continue;
      }
      if (event.event === "snapshot") {
        const path = join(run, "snapshots", `step-${String(event.step).padStart(8, "0")}.png`);
        await writeGrid(path, event.set);
        await log({ event: "snapshot", path, step: event.step });
        yield { event: "snapshot", path, step: event.step };
        continue;
      }
      if (event.event === "start") {
        yield { event: "start", run, configuration, step: event.step };
        continue;
      }
      if (event.event === "step") {
        await log(event);
        yield event;
        continue;
      }
      const grid = await writePictures(run, event.set);
      await writeCondensed(join(run, "condensed.safetensors"), event.set);
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
      const done = { event: "done" as const, run, seconds: event.seconds, peakMemoryBytes, grid };
      const floats = event.set.storedFloats ?? event.set.images.length;
      await keep({ seconds: event.seconds, peakMemoryBytes, floatsStored: floats });
      await log(done);
      yield done;
      return event.set;
    }
    throw new Error("the run ended without a result");
  } finally {
    unlock();
  }
}

/** @throws AttarError "other-configuration": a run without a checkpoint, a subset's say, is told by its record alone. */
async function checkConfiguration(run: string, configuration: Configuration): Promise<void> {
  const theirs = (await recordOf(run)).configuration;
  if (theirs && JSON.stringify(theirs) !== JSON.stringify(configuration))
    throw otherConfiguration(theirs, configuration);
}

/** What run.json holds; nothing where there is none. */
const recordOf = (run: string): Promise<Partial<Computed> & { configuration?: Record<string, unknown> }> =>
  readFile(join(run, "run.json"), "utf8")
    .then(JSON.parse)
    .catch(() => ({}));

/** The configuration a run folder was made with. */
export async function readRun(folder: string): Promise<{ configuration: { dataset: string } }> {
  return JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
}
