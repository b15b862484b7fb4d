import { statSync } from "node:fs";
import { join } from "node:path";
import { searchGrid } from "../benchmark/metrics/index.ts";
import { readRecord } from "../condense/node/runRecord.node.ts";
import { type CondensedSet, withheldChecksum } from "../data/dataset.ts";
import { knownDataset, readCondensed, writeAtomic } from "../data/index.ts";
import { datasetName } from "../data/node/loadPath.node.ts";
import { type ReadOptions, readOptionWords } from "../data/readOptions.ts";
import { AttarError, nearest } from "../engine/errors.ts";
import {
  continual,
  coresetAsSet,
  type EvaluateOptions,
  evaluate,
  parseSampling,
  samplingText,
} from "../evaluate/index.ts";
import { scoreFile } from "../evaluate/node/scoreFile.node.ts";
import { infiniteNetworkNamed, parseNetwork, resolveNetwork } from "../hypotheses/index.ts";
import { coresetRules, isDrawn } from "../synthetic/index.ts";
import { attackChart, refuseUndrawable } from "./attackChart.ts";
import { attackNotes } from "./attackNotes.ts";
import { condensedFile } from "./condensedFile.ts";
import { continualTable } from "./continualTable.ts";
import { type DatasetFlags, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { evaluationTable } from "./evaluationTable.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { counted, figure } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, shellWord } from "./output.ts";
import { refuseOtherPicture, signed } from "./ownOutput.ts";
import { parseAdversary } from "./parseAdversary.ts";
import { parseAttacks } from "./parseAttacks.ts";
import { parseNetworks } from "./parseNetworks.ts";
import { parseReadings } from "./parseReadings.ts";
import { parseTasks } from "./parseTasks.ts";
import { Progress } from "./progress.ts";
import { checkSearch, searchLines, searchOf } from "./searchReport.ts";
import { storageNotes } from "./storageNotes.ts";

export interface EvaluateFlags extends OutputOptions, DatasetFlags {
  on?: string;
  ipc?: number;
  nets?: string;
  readings?: string;
  attack?: string[];
  attackImages?: number;
  attackPlot?: string;
  adversarial?: string;
  protocol?: string;
  repeats?: number;
  epochs?: number;
  augmentation?: string;
  seed?: number;
  baselines?: string;
  resume?: boolean;
  anyContrast?: boolean;
  continual?: string;
  search?: boolean;
  fullEpochs?: number;
}

const coresets: readonly string[] = [...coresetRules, "full"];

/** `attar evaluate <run|file|coreset> --on <dataset>`: reads the saved file of a run and, with `--resume`, scores already there. */
export async function evaluateCommand(subject: string, flags: EvaluateFlags): Promise<void> {
  const asked =
    flags.nets !== undefined
      ? parseNetworks(flags.nets)
      : flags.search
        ? searchGrid.map((text) => parseNetwork(text))
        : undefined;
  const attacks = flags.attack === undefined ? [] : parseAttacks(flags.attack, flags.attackImages);
  const readings = [...(flags.readings === undefined ? [] : parseReadings(flags.readings)), ...attacks];
  if (flags.attackImages !== undefined && flags.attack === undefined)
    throw new AttarError(
      "bad-option",
      "--attack-images says how many test images are attacked, and no attack is named",
      `--attack apgd-ce:linf,8/255 --attack-images ${flags.attackImages}`,
    );
  if (flags.attackPlot !== undefined) {
    refuseUndrawable(attacks.map(({ options }) => options.norm));
    await refuseOtherPicture(flags.attackPlot);
  }
  const sampling = flags.protocol === undefined ? undefined : parseSampling(flags.protocol);
  const adversary = flags.adversarial === undefined ? undefined : parseAdversary(flags.adversarial);
  const baselines =
    flags.baselines === undefined ? (flags.search ? ["full"] : undefined) : readBaselines(flags.baselines);
  const saved = coresets.includes(subject) ? undefined : await readCondensed(condensedFile(subject, coresets));
  if (!flags.on)
    throw new AttarError(
      "bad-option",
      "evaluate needs the dataset to test on",
      saved && !knownDataset(saved.dataset)
        ? `add --on and the path of "${saved.dataset}", which the set was condensed from${await readingOf(subject)}`
        : `attar evaluate ${shellWord(subject)} --on ${shellWord(saved?.dataset || "digits")}`,
    );
  // Read before signals are listened for: one that comes meanwhile ends the process, however long a file takes.
  const dataset = await loadDataset(flags.on, await readingFor(subject, saved, flags.on, flags), flags);
  logGuesses(dataset, flags);
  const networks = asked ?? [resolveNetwork(dataset.domain.network)];
  if (flags.search) checkSearch(networks.length, baselines ?? []);
  await interruptible("stopping", flags, async (signal) => {
    const set = saved ?? (await coresetAsSet(dataset, subject, flags.ipc ?? 10, flags.seed ?? 0, signal));
    const { repeats = 5, epochs, augmentation, seed, resume = false } = flags;
    const folder = saved && statSync(subject).isDirectory() ? subject : resume ? "runs" : undefined;
    const scores =
      folder === undefined
        ? undefined
        : await scoreFile(join(folder, "scores.ndjson"), resume, (note) => log(note, flags));
    const progress = new Progress(flags);
    let shown = "";
    try {
      const options: EvaluateOptions = {
        networks,
        readings,
        repeats,
        epochs,
        fullEpochs: flags.fullEpochs,
        augmentation,
        seed,
        baselines,
        ...(adversary && { adversary }),
        ...(sampling && { sampling }),
        anyContrast: flags.anyContrast,
        redrawn: saved === undefined && isDrawn(subject),
        scores,
        signal,
        onProgress: (p) => {
          const now = `${p.subject} on ${p.net}`;
          if (now !== shown) progress.end();
          shown = now;
          progress.show(p.repeat * p.epochs + p.epoch, repeats * p.epochs, now);
        },
      };
      if (flags.continual !== undefined) {
        const learned = await continual(set, dataset, parseTasks(flags.continual, dataset.classes.length), {
          ...options,
          onStep: (step, steps) => {
            progress.end();
            log(`task ${step + 1} of ${steps}`, flags);
          },
        });
        progress.end();
        return flags.json ? printJson(learned) : print(continualTable(learned));
      }
      const result = await evaluate(set, dataset, {
        ...options,
        condensedFrom: saved && (await checksumOf(subject, saved)),
      });
      progress.end();
      const search = flags.search ? searchOf(result, seed) : undefined;
      if (flags.json) printJson(search ? { ...result, search } : result);
      else print([evaluationTable(result), ...(search ? searchLines(search) : [])].join("\n"));
      for (const note of [...storageNotes(result), ...attackNotes(result)]) log(note, flags);
      if (flags.attackPlot !== undefined) {
        await writeAtomic(flags.attackPlot, signed(attackChart(result)));
        log(`picture: ${flags.attackPlot}`, flags);
      }
      const { hash, recipe, repeats: networksEach } = result.protocol;
      const rate = set.learningRate === undefined ? "" : `, the set's learning rate ${figure(recipe.learningRate, 3)}`;
      const sampledBy = sampling && sampling.name !== "bank" ? ` (${samplingText(sampling)})` : "";
      const drawn = [...(saved ? [] : [subject]), ...Object.keys(result.baselines)].filter((rule) => isDrawn(rule));
      const anew = drawn.length > 0 && networksEach > 1 ? `, ${drawn.join(" and ")} drawn anew for each` : "";
      const trained = networks.some(({ name }) => !infiniteNetworkNamed(name));
      if (!trained) return log("infinitely wide networks: in closed form, nothing is trained", flags);
      log(
        `protocol ${hash.slice(0, 12)}${sampledBy}: ${recipe.epochs} epochs${rate}, the last one scored, ${counted(networksEach, "network")} each${anew}${adversary ? `, trained adversarially (${flags.adversarial})` : ""}`,
        flags,
      );
    } finally {
      progress.end();
    }
  });
}

/** The reading options that are typed; where there are none, those of the run, if the dataset is of the name that it was made from. */
export async function readingFor(
  subject: string,
  saved: CondensedSet | undefined,
  on: string,
  flags: OutputOptions & DatasetFlags,
): Promise<ReadOptions> {
  const typed = readOptionsOf(flags);
  if (!saved || Object.keys(typed).length > 0 || datasetName(on) !== saved.dataset || knownDataset(on)) return typed;
  const reading = await recordedReading(subject);
  if (!reading) return typed;
  log(`${saved.dataset}: read as for the run, ${readOptionWords(reading).map(shellWord).join(" ")}`, flags);
  return reading;
}

/** The checksum of the dataset that a set was condensed from: of a private one, which keeps it to itself, that of its run. */
export async function checksumOf(subject: string, { datasetChecksum }: CondensedSet): Promise<string> {
  if (datasetChecksum !== withheldChecksum || !statSync(subject).isDirectory()) return datasetChecksum;
  return ((await readRecord(subject))?.configuration.datasetChecksum as string | undefined) ?? datasetChecksum;
}

async function recordedReading(subject: string): Promise<ReadOptions | undefined> {
  if (!statSync(subject).isDirectory()) return undefined;
  return (await readRecord(subject))?.configuration.reading as ReadOptions | undefined;
}

/** The reading options of the dataset that a run's set was condensed from, as the end of a sentence that says what to add. */
async function readingOf(subject: string): Promise<string> {
  const reading = await recordedReading(subject);
  return reading ? `, and ${readOptionWords(reading).map(shellWord).join(" ")}` : "";
}

function readBaselines(list: string): string[] {
  const names = list.split(",").filter((name) => name && name !== "none");
  for (const name of names)
    if (!coresets.includes(name)) {
      const guess = nearest(name, coresets);
      throw new AttarError(
        "unknown-method",
        `unknown baseline "${name}"`,
        guess ? `did you mean "${guess}"?` : `use ${coresets.join(", ")} or none`,
      );
    }
  return names;
}
