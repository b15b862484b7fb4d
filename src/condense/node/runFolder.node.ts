import { appendFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { encodeCondensed } from "../../data/condensedSet.ts";
import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import { lockFolder } from "../../data/node/lock.node.ts";
import { writeManifest } from "../../data/node/manifest.node.ts";
import { writeOwnFile } from "../../data/node/ownFiles.node.ts";
import { cannotWrite, makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { writePictures } from "../../data/node/writePictures.node.ts";
import { gridImage } from "../../data/pictureFiles.ts";
import type { Method } from "../../methods/method.ts";
import { claimOfRun } from "../claimOfRun.ts";
import { condense, keyIsMissing, type RunOptions } from "../condense.ts";
import { type Configuration, resolveConfiguration } from "../configuration.ts";
import type { PushForward } from "../pushForward.ts";
import { abandonRun, isHopeless, isVacant, removeIfVacant } from "./abandon.node.ts";
import { otherConfiguration, readCheckpoint, writeCheckpoint } from "./checkpoint.node.ts";
import { destroyNoiseKey, hasNoiseKey, noiseKeyOf } from "./noiseKey.node.ts";
import { prepareFolder, refuseOthersFolder, trimEvents } from "./prepareFolder.node.ts";
import { type Provenance, provenance } from "./provenance.node.ts";
import type { RunRecord } from "./runRecord.node.ts";
import { type Computed, earlierStretches } from "./stretches.ts";

export interface FolderOptions extends RunOptions {
  /** Continue an unfinished run. */
  resume?: boolean;
  /** Discard what the folder holds of an earlier run. */
  force?: boolean;
  /** Called with what a person should know who continues a run, such as other threads than before. */
  onNote?: (note: string) => void;
  /** Called with the set of every snapshot, whose picture goes to the folder. */
  onSnapshot?: (set: CondensedSet) => void;
  /** Called with the set of every frame; frames go to no file. */
  onFrame?: (set: CondensedSet, step: number) => void;
}

/** Events of a run that is kept in a folder: what `attar condense --json` prints. */
export type FolderEvent =
  | { event: "start"; run: string; configuration: object; step: number }
  | { event: "step"; step: number; steps: number; loss: number; seconds: number }
  | { event: "snapshot"; path: string; step: number }
  | { event: "done"; run: string; seconds: number; peakMemoryBytes: number; grid: string; pushForward?: PushForward };

/**
 * Condenses into a run folder: run.json, events.ndjson, condensed.safetensors, images/, grid.png, snapshots/, checkpoint/, of a
 * private run privacy.json and, until it is done, noise.key; and .attar.sha256, which lists what was written. A file there that attar did not write is neither replaced nor removed. Every
 * file appears whole or not at all; a run killed at any moment continues with `resume` to the same bytes.
 * A run that cannot start, for wrong input say, leaves nothing behind.
 *
 * @throws AttarError: see {@link condense}; and where the folder holds another run, is locked or cannot be written.
 */
export async function* condenseToFolder(
  dataset: Dataset,
  method: Method,
  folder: string,
  options: FolderOptions = {},
): AsyncGenerator<FolderEvent, CondensedSet> {
  const run = resolve(folder);
  const configuration = resolveConfiguration(dataset, method, options);
  const vacant = await isVacant(run);
  await makeFolder(run);
  await refuseOthersFolder(run);
  const unlock = lockFolder(run);
  let begun = true;
  let abandoned = false;
  try {
    const before = await prepareFolder(run, options);
    begun = before !== undefined;
    if (before) checkConfiguration(before, configuration);
    const checkpoints = join(run, "checkpoint");
    const state = before ? await readCheckpoint(checkpoints, configuration) : undefined;
    const here = await provenance(options.runtime);
    const earlier = state && before && isComputed(before) ? earlierStretches(before, here, state.step) : [];
    const record = { configuration, ...here, ...(earlier.length > 0 && { earlier }) };
    // A run that had ended is only written out once more: what made it, and in what time, stays.
    const ended = state?.step === configuration.steps && before?.seconds !== undefined;
    const keep = async (more: object) => {
      if (!ended) await writeAtomic(join(run, "run.json"), `${JSON.stringify({ ...record, ...more }, null, 2)}\n`);
    };
    // First of all: by it the folder is known for a run's.
    await keep({});
    if (!before) await writeManifest(run, new Map());
    if (before && state && !ended) noteThreads(before, here, options.onNote);
    if (options.resume) await trimEvents(join(run, "events.ndjson"), state?.step ?? -1);
    const log = async (line: object) => {
      try {
        await appendFile(join(run, "events.ndjson"), `${JSON.stringify(line)}\n`);
      } catch (error) {
        throw cannotWrite(join(run, "events.ndjson"), error);
      }
    };
    const goesOn = configuration.privacy && !options.sketch && (state?.step ?? 0) < configuration.steps;
    // A run that has begun may not go on with other noise.
    if (goesOn && state && !(await hasNoiseKey(run))) throw keyIsMissing();
    const noiseKey = goesOn ? await noiseKeyOf(run, configuration) : undefined;
    let last = state;
    for await (const event of condense(dataset, method, { ...options, state, ...(noiseKey && { noiseKey }) })) {
      if (event.event === "checkpoint") {
        last = event.state;
        await writeCheckpoint(checkpoints, configuration, event.state);
        begun = true;
        continue;
      }
      if (event.event === "frame") {
        options.onFrame?.(event.set, event.step);
        continue;
      }
      if (event.event === "snapshot") {
        const name = `snapshots/step-${String(event.step).padStart(8, "0")}.png`;
        const path = join(run, name);
        await writeOwnFile(run, name, gridImage(event.set));
        await log({ event: "snapshot", path, step: event.step });
        options.onSnapshot?.(event.set);
        yield { event: "snapshot", path, step: event.step };
        continue;
      }
      if (event.event === "start") {
        yield { event: "start", run, configuration, step: event.step };
        continue;
      }
      if (event.event === "step") {
        begun = true;
        await log(event);
        yield event;
        continue;
      }
      await writeOwnFile(run, "condensed.safetensors", encodeCondensed(event.set));
      const grid = await writePictures(run, event.set);
      const claim = options.sketch?.claim ?? (last && claimOfRun(dataset, configuration, last));
      if (claim)
        await writeOwnFile(run, "privacy.json", new TextEncoder().encode(`${JSON.stringify(claim, null, 2)}\n`));
      if (claim && event.step === configuration.steps) await destroyNoiseKey(run);
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
      const done = {
        event: "done" as const,
        run,
        seconds: event.seconds,
        peakMemoryBytes,
        grid,
        ...(event.pushForward && { pushForward: event.pushForward }),
      };
      const floats = event.set.storedFloats ?? event.set.images.length;
      const early = event.step < configuration.steps && { endedAtStep: event.step };
      const { form, images } = event.set;
      const forms = form && {
        floats: { images: images.length, codes: form.codes, codesAndDecoder: form.codes + form.decoder },
      };
      const { pushForward } = event;
      const more = { ...forms, ...(pushForward && { pushForward }) };
      await keep({ seconds: event.seconds, peakMemoryBytes, floatsStored: floats, ...more, ...early });
      await log(done);
      yield done;
      return event.set;
    }
    throw new Error("the run ended without a result");
  } catch (error) {
    abandoned = !begun && isHopeless(error);
    if (abandoned) await abandonRun(run);
    throw error;
  } finally {
    unlock();
    if (abandoned && vacant) await removeIfVacant(run);
  }
}

/** @throws AttarError "other-configuration": a run without a checkpoint, a subset's say, is told by its record alone. */
function checkConfiguration(before: RunRecord, configuration: Configuration): void {
  if (JSON.stringify(before.configuration) !== JSON.stringify(configuration))
    throw otherConfiguration(before.configuration, configuration);
}

const isComputed = (record: RunRecord): record is RunRecord & Computed => record.device !== undefined;

function noteThreads(before: RunRecord, here: Provenance, onNote?: (note: string) => void): void {
  if (before.cores === undefined || before.cores === here.cores) return;
  onNote?.(
    `the run began on ${threads(before.cores)} and goes on with ${here.cores}: sums round differently, so its bytes may differ from an unbroken run's`,
  );
}

const threads = (count: number) => (count === 1 ? "1 thread" : `${count} threads`);
