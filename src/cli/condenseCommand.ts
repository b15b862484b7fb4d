import { experts, generator } from "../artefacts/index.ts";
import { artefactCache, type CacheOptions } from "../artefacts/node/artefactCache.node.ts";
import { optionsFrom, type Plugin, resolveConfiguration, smallClassNotes } from "../condense/index.ts";

import { condenseToFolder, type FolderOptions } from "../condense/node/runFolder.node.ts";
import type { Dataset } from "../data/dataset.ts";
import { namePart, readCondensed } from "../data/index.ts";
import { AttarError } from "../engine/errors.ts";
import { parseNetwork, sourceNamed } from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/index.ts";
import { withinBudget } from "./budgetFlag.ts";
import { chosenMethod } from "./chosenMethod.ts";
import { condensedFile } from "./condensedFile.ts";
import { type DatasetFlags, datasetWords, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { absentKnown, dryRun, plan, recipeWords } from "./dryRun.ts";
import { expertsFolder } from "./expertsCommand.ts";
import { generatorFolder, specOfIdentity } from "./generatorFolder.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { nextCommand } from "./nextCommand.ts";
import { byteCount, counted, duration, figure, sampleCount } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";
import { Progress } from "./progress.ts";
import { pushForwardRows } from "./pushForwardRows.ts";
import { readSettings } from "./settings.ts";
import { readSketch } from "./sketchCommand.ts";
import { methodIn, usualMethod } from "./usualMethod.ts";

export interface CondenseFlags extends OutputOptions, DatasetFlags {
  method?: string;
  ipc?: number;
  out?: string;
  preset?: string;
  steps?: number;
  /** A run, or a file of a set, to start from. */
  start?: string;
  /** A sketch to condense from, in place of a dataset. */
  from?: string;
  /** Seconds for the run. */
  for?: number;
  seed?: number;
  net?: string;
  config?: string;
  set: string[];
  resume?: boolean;
  force?: boolean;
  dryRun?: boolean;
  offline?: boolean;
}

/** `attar condense <dataset>`. */
export async function condenseCommand(
  from: string | undefined,
  typed: CondenseFlags,
  plugins: readonly Plugin[] = [],
): Promise<void> {
  const began = performance.now();
  const { ipc, preset, steps, seed, net } = typed;
  const settings = readSettings(typed.config, typed.set, { method: typed.method, ipc, preset, steps, seed, net });
  const flags = { ...typed, method: settings.method, began };
  const { net: network, method: named, ...rest } = settings;
  const { method: chosen, record } = named === undefined ? {} : chosenMethod(named);
  const options: FolderOptions & { ipc: number } = {
    ...rest,
    ipc: settings.ipc ?? 10,
    ...(flags.start !== undefined && { start: await readCondensed(condensedFile(flags.start)) }),
    ...(record && { record }),
    ...(plugins.length > 0 && { plugins }),
    network: network === undefined ? undefined : parseNetwork(network),
    resume: flags.resume,
    force: flags.force,
  };
  if (flags.from !== undefined) {
    refuseBesideSketch(from, flags);
    const sketch = await readSketch(flags.from);
    const { dataset, method } = sketch;
    const alike = { ...options, ...optionsFrom(sketch, { ...options, ipc: settings.ipc }), sketch };
    await interruptible("stopping after this step", flags, (signal) =>
      run(dataset.known ?? dataset.name, dataset, method, { ...alike, signal }, flags),
    );
    return;
  }
  if (from === undefined)
    throw new AttarError(
      "usage",
      "attar condense takes a dataset",
      "for example attar condense mnist, or --from a sketch",
    );
  const name = from;
  const absent = flags.dryRun ? await absentKnown(name, readOptionsOf(flags)) : undefined;
  const wanted = { ipc: options.ipc, seconds: flags.for };
  if (absent) return plan(absent, chosen ?? usualMethod(absent, wanted), options, flags);
  // Read before signals are listened for: one that comes meanwhile ends the process, however long a file takes.
  const dataset = await loadDataset(name, readOptionsOf(flags), flags);
  logGuesses(dataset, flags);
  const begun = flags.resume && !chosen ? await methodIn(flags.out ?? folderOf(dataset, "dm", options)) : undefined;
  const method = chosen ?? begun ?? usualMethod(dataset, wanted);
  await interruptible("stopping after this step", flags, async (signal) => {
    for (const note of smallClassNotes(dataset, method, options)) log(note, flags);
    if (flags.dryRun) {
      const artefacts = artefactCache(ownFolders(name));
      const run = await limited(dataset, method, { ...options, signal, artefacts }, flags, flags.out ?? "");
      await dryRun(dataset, method, run, artefacts, flags);
    } else await run(name, dataset, method, { ...options, signal }, flags);
  });
}

/** @throws AttarError where something is asked for that a sketch has decided, or cannot serve */
function refuseBesideSketch(
  dataset: string | undefined,
  { method, start, dryRun: dry, for: span }: CondenseFlags,
): void {
  const odd = { "a dataset": dataset, "--method": method, "--start": start, "--dry-run": dry, "--for": span };
  const [named] = Object.entries(odd).find(([, value]) => value !== undefined) ?? [];
  if (named !== undefined)
    throw new AttarError(
      "usage",
      `${named} and --from do not go together: a sketch takes its place`,
      "leave one of them out",
    );
}

/** The flags of a command that began at some time, as `performance.now` tells it. */
type Timed = CondenseFlags & { readonly began: number };

/** The options of a run, with what `--for` chooses where it is given. */
const limited = (dataset: Dataset, method: Method, options: FolderOptions, flags: Timed, folder: string) =>
  flags.for === undefined
    ? options
    : withinBudget(dataset, method, options, { seconds: flags.for, began: flags.began, folder, flags });

async function run(name: string, dataset: Dataset, method: Method, given: FolderOptions, flags: Timed): Promise<void> {
  const asked = resolveConfiguration(dataset, method, given);
  if (given.network && !isCoreset(method) && sourceNamed(asked.hypotheses.name).atOnce === 0)
    throw new AttarError(
      "bad-combination",
      `${method.name} looks through no network that --net could name`,
      asked.solver ? "set its kernel instead, as --set solver.depth=3" : "leave --net out",
    );
  const { ipc } = asked;
  const folder = flags.out ?? folderOf(dataset, method.name, asked);
  const progress = new Progress(flags);
  const training = new Progress(flags);
  const onNote = (note: string) => log(note, flags);
  const artefacts = artefactCache({
    ...ownFolders(name),
    offline: flags.offline,
    onWait: onNote,
    signal: given.signal,
    onDamaged: (_path, error) => log(`${error.message}; it is trained again`, flags),
    onMissing: (count, kept, { noun }) =>
      log(`${counted(count, noun)} trained first, once for all runs that ask for the same: ${kept}`, flags),
    onEpoch(done, total, member) {
      training.show(done, total, member);
      if (done === total) training.end();
    },
  });
  const options = await limited(dataset, method, { ...given, artefacts }, flags, folder);
  const configuration = resolveConfiguration(dataset, method, options);
  const { steps } = configuration;
  let last = 0;
  try {
    for await (const event of condenseToFolder(dataset, method, folder, { ...options, onNote })) {
      if (event.event === "done") progress.end();
      if (flags.json) printJson(event);
      if (event.event === "start") {
        const from = event.step > 0 ? `, from step ${event.step}` : "";
        log(
          `${method.title} on ${dataset.name}: ${sampleCount(ipc, dataset.domain.kind)} per class, ${counted(steps, "step")}${from}`,
          flags,
        );
        log(`recipe: ${recipeWords(method, configuration, dataset)}`, flags);
      }
      if (event.event === "step") last = event.step;
      if (event.event === "done" && last > 0 && last < steps)
        log(
          `the time was up at step ${last} of ${steps}; what it has is written, and the same command with --resume goes on`,
          flags,
        );
      if (event.event === "step") progress.show(event.step, event.steps, `loss ${figure(event.loss)}`);
      if (event.event === "done" && !flags.json)
        print(
          table([
            ["condensed", `${event.run}/condensed.safetensors`],
            ["picture", event.grid],
            ["time", duration(event.seconds)],
            ["memory", `${byteCount(event.peakMemoryBytes)} at most`],
            ...pushForwardRows(event.pushForward),
            [
              "next",
              nextCommand(dataset, configuration, folder, datasetWords(name, readOptionsOf(flags)), !!options.sketch),
            ],
          ]),
        );
    }
  } finally {
    progress.end();
  }
}

/** The folders in which `attar experts` and `attar generators` keep those of a dataset, by the name that was typed for it. */
const ownFolders = (name: string): CacheOptions => ({
  folders({ kind, identity }) {
    if (kind === experts) return [expertsFolder(name, String(identity.network), identity.seed)];
    if (kind !== generator) return [];
    const { recipe, seed } = identity;
    return [generatorFolder(name, { spec: specOfIdentity(identity), steps: Number(recipe.steps), seed })];
  },
});

/** The folder of a run for which none is named. */
const folderOf = ({ name }: Dataset, method: string, { ipc, seed = 0 }: { ipc: number; seed?: number }): string =>
  `runs/${namePart(name)}-${method}-ipc${ipc}-seed${seed}`;
