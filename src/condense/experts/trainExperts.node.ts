import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import { headerMetadata } from "../../data/node/headerMetadata.node.ts";
import { waitForLock } from "../../data/node/lock.node.ts";
import { setAside } from "../../data/node/setAside.node.ts";
import { removeTemporary } from "../../data/node/temporaryName.node.ts";
import { makeFolder } from "../../data/node/writeAtomic.node.ts";
import { normalisationText } from "../../data/normalisationText.ts";
import { normaliseBatch } from "../../data/normaliseBatch.ts";
import { AttarError, defaultRuntime, type Runtime } from "../../engine/index.ts";
import {
  accuracy,
  expertRecipe,
  type NetworkSpec,
  networkText,
  type Recipe,
  resolveNetwork,
} from "../../hypotheses/index.ts";
import { strategyFor } from "../../tricks/index.ts";
import type { ExpertConfiguration, StoredExpert } from "./expertContent.ts";
import { readExpert, writeExpert } from "./expertFile.node.ts";
import { type ExpertEntry, expertName, listExperts, partName, scanExperts } from "./expertFolder.node.ts";
import { type ExpertTrainer, expertTrainer } from "./expertTraining.ts";

export interface ExpertsOptions {
  /** Experts there shall be; those that are there already count. 20 when left out; the authors train 100. */
  readonly count?: number;
  /** ConvNet-3 of width 128 when left out. */
  readonly network?: NetworkSpec;
  /** Changes to {@link expertRecipe}; its augmentation is the field's for the dataset unless given. */
  readonly recipe?: Partial<Recipe>;
  /** Train on so many images drawn at random, the same for all experts; all when left out. */
  readonly images?: number;
  /** 0. */
  readonly seed?: number;
  /** Where they are trained; the process's own where left out. */
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (progress: {
    readonly expert: number;
    readonly epoch: number;
    readonly epochs: number;
    readonly loss: number;
  }) => void;
  /** Told whom it waits for, where another process trains experts in the same folder. */
  readonly onWait?: (note: string) => void;
  readonly onExpert?: (entry: ExpertEntry) => void;
  /** Called for each file of the folder that is damaged; those among the experts asked for are renamed and trained again. */
  readonly onDamaged?: (path: string, error: AttarError) => void;
}

/**
 * Trains expert trajectories of a dataset into a folder, one file an expert, each its own to the byte whatever was trained before
 * it. Experts that are there are kept, one that was interrupted goes on after its last whole epoch: the same call resumes.
 * While another process trains there, the call waits, and trains what is still missing then.
 *
 * @returns all experts of the folder.
 * @throws AttarError "other-experts" where the folder holds experts of another configuration, "foreign-files" where one under
 * way would overwrite another program's file, "invalid-recipe",
 * "unsupported-network", "diverged" (exit code 3), "interrupted" (exit code 4).
 */
export async function trainExperts(
  dataset: Dataset,
  folder: string,
  options: ExpertsOptions = {},
): Promise<ExpertEntry[]> {
  const { count = 20, seed = 0, signal } = options;
  const recipe: Recipe = { ...expertRecipe, augmentation: strategyFor(dataset), ...options.recipe };
  const { network = resolveNetwork(dataset.domain.network), images, runtime = defaultRuntime() } = options;
  const trainer = runtime.enter(() => expertTrainer(dataset, { network, images, recipe, seed }));
  const configuration = configurationOf(dataset, trainer, recipe, seed);
  await makeFolder(folder);
  const release = await waitForLock(folder, { signal, onWait: options.onWait }).catch((error) => {
    throw signal?.aborted ? interrupted() : error;
  });
  try {
    await removeTemporary(folder, /^expert-\d+(\.part)?\.safetensors$/);
    await refuseOthers(folder, configuration);
    const { experts, damaged } = await scanExperts(folder);
    for (const { path, error } of damaged) options.onDamaged?.(path, error);
    const there = new Set(experts.map(({ index }) => index));
    for (let index = 0; index < count; index++) {
      if (there.has(index)) continue;
      const wrong = damaged.find(({ path }) => path === join(folder, expertName(index)));
      if (wrong) await setAside(wrong.path);
      await trainOne({ dataset, trainer, epochs: recipe.epochs, folder, configuration, index, options });
    }
    return await listExperts(folder);
  } catch (error) {
    throw signal?.aborted && !(error instanceof AttarError) ? interrupted() : error;
  } finally {
    trainer.dispose();
    release();
  }
}

/** What the folder's files say they are. */
export function configurationOf(
  dataset: Dataset,
  { network, images }: ExpertTrainer,
  recipe: Recipe,
  seed: number,
): ExpertConfiguration {
  return {
    dataset: dataset.name,
    checksum: dataset.checksum,
    normalisation: normalisationText(dataset.normalisation),
    network: networkText(network.spec),
    seed,
    images,
    recipe: { ...recipe },
  };
}

interface One {
  readonly dataset: Dataset;
  readonly trainer: ExpertTrainer;
  readonly epochs: number;
  readonly folder: string;
  readonly configuration: ExpertConfiguration;
  readonly index: number;
  readonly options: ExpertsOptions;
}

async function trainOne({ dataset, trainer, epochs, folder, configuration, index, options }: One) {
  const [part, path] = [join(folder, partName(index)), join(folder, expertName(index))];
  const progress = await trainer.train(index, {
    from: await partOf(part, configuration, index),
    signal: options.signal,
    async onEpoch(now) {
      await writeExpert(part, { ...now, configuration, index });
      const [epoch, loss] = [now.losses.length, now.losses.at(-1)!];
      options.onEpoch?.({ expert: index, epoch, epochs, loss });
    },
  });
  const params = progress.states.at(-1)!;
  const tested = dataset.test.labels.length > 0;
  const correct = tested ? await accuracy(trainer.network, { params }, testBatches(dataset), options) : undefined;
  const { states, losses } = progress;
  await writeExpert(path, { states, losses, optimizer: {}, configuration, index, accuracy: correct });
  await rm(part, { force: true });
  options.onExpert?.({ path, index, configuration, epochs: losses.length, losses, accuracy: correct });
}

/**
 * An expert under way; one of another configuration, or a damaged file, starts over.
 *
 * @throws AttarError "foreign-files" (exit code 2) where the file is not one that attar wrote.
 */
async function partOf(
  path: string,
  configuration: ExpertConfiguration,
  index: number,
): Promise<StoredExpert | undefined> {
  if (existsSync(path) && (await headerMetadata(path))?.get("format") !== "attar-expert")
    throw new AttarError(
      "foreign-files",
      `${path} was not written by attar; nothing has been changed`,
      `choose another --out folder, or move ${path} away`,
    );
  const found = await readExpert(path).catch(() => undefined);
  const mine = found?.index === index && JSON.stringify(found.configuration) === JSON.stringify(configuration);
  return mine ? found : undefined;
}

async function* testBatches(dataset: Dataset) {
  const count = dataset.test.labels.length;
  for (let at = 0; at < count; at += 1000) {
    const ids = Array.from({ length: Math.min(1000, count - at) }, (_, i) => at + i);
    yield { images: await normaliseBatch(dataset, "test", ids), labels: dataset.test.labels.slice(at, at + 1000) };
  }
}

async function refuseOthers(folder: string, configuration: ExpertConfiguration): Promise<void> {
  const flat = ({ recipe, ...rest }: ExpertConfiguration): Record<string, unknown> => ({ ...rest, ...recipe });
  for (const { path, configuration: theirs } of await listExperts(folder)) {
    const [mine, other] = [flat(configuration), flat(theirs)];
    const differs = Object.keys(mine).filter((name) => mine[name] !== other[name]);
    if (differs.length === 0) continue;
    const list = differs.map((name) => `${name} ${other[name] ?? "not recorded"} (now ${mine[name]})`).join(", ");
    throw new AttarError(
      "other-experts",
      `${path} was trained otherwise: ${list}`,
      "Repeat the original options, or choose another --out folder.",
    );
  }
}

const interrupted = () =>
  new AttarError(
    "interrupted",
    "the experts were interrupted; finished ones and whole epochs are kept",
    "The same command goes on.",
    4,
  );
