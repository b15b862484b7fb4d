import type { ArtefactStore, Identity } from "../artefacts/index.ts";
import { digestOf } from "../artefacts/node/artefactCache.node.ts";
import {
  artefactsOf,
  type CondenseOptions,
  type Configuration,
  estimate,
  recipeFor,
  resolveConfiguration,
  smallClassNotes,
} from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, datasetInfo, knownDataset, locate, type ReadOptions } from "../data/index.ts";
import { multiplyAdds, randomKey, size, zeros } from "../engine/index.ts";
import { buildNetwork, parseNetwork } from "../hypotheses/index.ts";
import type { Method } from "../methods/index.ts";
import { byteCount, counted, duration, figure, flopCount, settingText } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";

/** Rows of a table: every setting of a configuration; of a record in a file that it is one, since its parts are settings. */
const settingRows = (configuration: Configuration): string[][] =>
  Object.entries(configuration).map(([key, value]) => [
    key,
    key === "record" ? "read from a file" : settingText(value),
  ]);

/** The row of hyperparameters that a run starts from, in words. */
export const recipeWords = (
  method: Method,
  { preset, ipc }: Configuration,
  dataset: Pick<DatasetInfo, "known" | "domain" | "classes">,
): string => recipeFor(method, preset, dataset, ipc).words;

/** Prints the resolved configuration and what it will cost: work counted, and three steps timed on this machine. */
export async function dryRun(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions & { signal?: AbortSignal },
  artefacts: ArtefactStore,
  flags: OutputOptions,
): Promise<void> {
  const { configuration, ...cost } = await estimate(dataset, method, { ...options, measure: true });
  const recipe = recipeWords(method, configuration, dataset);
  const needed = await neededArtefacts(dataset, configuration, artefacts);
  if (flags.json) return printJson({ recipe, configuration, estimate: cost, artefacts: needed });
  const { measuredSeconds, measuredSecondsPerStep, measuredPeakMemoryBytes } = cost;
  const time =
    measuredSeconds === undefined || measuredSecondsPerStep === undefined
      ? []
      : [["time", `about ${duration(measuredSeconds)}: ${figure(measuredSecondsPerStep, 3)} s a step, timed here`]];
  const memory =
    measuredPeakMemoryBytes === undefined
      ? []
      : [["memory", `about ${byteCount(measuredPeakMemoryBytes)}, after three steps`]];
  print(
    table([
      ["recipe", recipe],
      ...settingRows(configuration),
      [],
      ...time,
      ...needed.map(({ members, noun, there, where, flops }) => [
        "artefact",
        there === members
          ? `${counted(members, noun)}, there: ${where}`
          : `${counted(members, noun)}, ${there} there, not in the time: ${flopCount(flops)} of training, kept in ${where}`,
      ]),
      ["work", flopCount(cost.flops)],
      ...memory,
      ["dataset", byteCount(cost.datasetBytes)],
      ["condensed set", byteCount(cost.syntheticBytes)],
    ]),
  );
}

/** An artefact that a run needs. */
interface Needed {
  readonly kind: string;
  readonly noun: string;
  readonly digest: string;
  /** The number of members, and of those that are there. */
  readonly members: number;
  readonly there: number;
  /** The folder where they are or would be. */
  readonly where: string;
  /** Floating-point operations that the training of the missing ones takes, two a multiply-add, three passes an image. */
  readonly flops: number;
}

async function neededArtefacts(
  dataset: Dataset,
  configuration: Configuration,
  store: ArtefactStore,
): Promise<readonly Needed[]> {
  return Promise.all(
    (await artefactsOf(dataset, configuration)).map(async (spec): Promise<Needed> => {
      const { kind, identity, count, trainedImages } = spec;
      const { count: there = 0, where = "" } = (await store.there?.(spec)) ?? {};
      return {
        kind: kind.name,
        noun: kind.noun,
        digest: await digestOf(identity),
        members: count,
        there,
        where,
        flops: trainedImages === 0 ? 0 : 6 * (await passOf(identity, dataset)) * trainedImages * (count - there),
      };
    }),
  );
}

/** Multiply-adds of an image's way through what is trained: a network, or an autoencoder and back. */
async function passOf({ network: text, encoder }: Identity, dataset: Dataset): Promise<number> {
  if (text === undefined) {
    const { dimension = 0, width = 0 } = encoder as Readonly<Record<string, number>>;
    return 2 * width * (size(dataset.shape) + dimension);
  }
  const network = buildNetwork(parseNetwork(String(text)), dataset.shape, dataset.classes.length);
  const image = zeros([1, ...dataset.shape]);
  return multiplyAdds(network.logits, [network.init(randomKey(0)), image], "forward pass");
}

/**
 * The facts of a dataset that is known by name and not on this machine; undefined for any other.
 *
 * @throws AttarError "absent-dataset" where too little is known of it, and as `load` does for reading options
 */
export async function absentKnown(name: string, options: ReadOptions): Promise<DatasetInfo | undefined> {
  if (!knownDataset(name) || name === "digits" || (await locate(name))) return undefined;
  return datasetInfo(name, options);
}

/** Prints the resolved configuration for a dataset of which no sample is at hand: what a run costs is not told then. */
export function plan(info: DatasetInfo, method: Method, options: CondenseOptions, flags: OutputOptions): void {
  const configuration = resolveConfiguration(info, method, options);
  for (const note of smallClassNotes(info, method, options)) log(note, flags);
  log(
    `${info.name} is not on this machine: what a run costs is estimated where it is (attar data pull ${info.name})`,
    flags,
  );
  const recipe = recipeWords(method, configuration, info);
  if (flags.json) printJson({ recipe, configuration });
  else print(table([["recipe", recipe], ...settingRows(configuration)]));
}
