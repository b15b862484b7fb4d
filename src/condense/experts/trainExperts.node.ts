import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import { makeFolder } from "../../data/node/writeAtomic.node.ts";
import { normaliseBatch } from "../../data/normaliseBatch.ts";
import { AttarError, type RandomKey, randomKey, type Tensor, tensor } from "../../engine/index.ts";
import {
  accuracy,
  buildNetwork,
  checkRecipe,
  convnet,
  expertRecipe,
  type Network,
  type NetworkSpec,
  networkText,
  type Recipe,
  type TrainingSet,
  trainExpert,
} from "../../hypotheses/index.ts";
import { augmentOnHost, drawOperator, drawParameters, parseStrategy, strategyFor } from "../../tricks/index.ts";
import { lockRun } from "../node/lock.node.ts";
import { type ExpertConfiguration, readExpert, type StoredExpert, writeExpert } from "./expertFile.node.ts";
import { type ExpertEntry, expertName, listExperts, partName } from "./expertFolder.node.ts";

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
  readonly signal?: AbortSignal;
  readonly onEpoch?: (progress: {
    readonly expert: number;
    readonly epoch: number;
    readonly epochs: number;
    readonly loss: number;
  }) => void;
  readonly onExpert?: (entry: ExpertEntry) => void;
}

/**
 * Trains expert trajectories of a dataset into a folder, one file an expert, each its own to the byte whatever was trained before
 * it. Experts that are there are kept, one that was interrupted goes on after its last whole epoch: the same call resumes.
 *
 * @returns all experts of the folder.
 * @throws AttarError "other-experts" where the folder holds experts of another configuration, "locked", "invalid-recipe",
 * "unsupported-network", "diverged" (exit code 3), "interrupted" (exit code 4).
 */
export async function trainExperts(
  dataset: Dataset,
  folder: string,
  options: ExpertsOptions = {},
): Promise<ExpertEntry[]> {
  const { count = 20, seed = 0, signal } = options;
  const recipe: Recipe = { ...expertRecipe, augmentation: strategyFor(dataset.name), ...options.recipe };
  checkRecipe(recipe);
  const network = buildNetwork(options.network ?? convnet(), dataset.shape, dataset.classes.length);
  const all = dataset.train.labels.length;
  const images = options.images ?? all;
  if (!(images >= 1 && images <= all))
    throw new AttarError("bad-option", `${dataset.name} has ${all} training images, not ${images}`, "Ask for fewer.");
  const configuration: ExpertConfiguration = {
    dataset: dataset.name,
    checksum: dataset.checksum,
    network: networkText(network.spec),
    seed,
    images,
    recipe: { ...recipe },
  };
  await makeFolder(folder);
  const release = lockRun(folder);
  try {
    await refuseOthers(folder, configuration);
    const key = randomKey(seed).fold("experts");
    const there = new Set((await listExperts(folder)).map(({ index }) => index));
    let set: TrainingSet | undefined;
    for (let index = 0; index < count; index++) {
      if (there.has(index)) continue;
      set ??= await trainingSet(dataset, images, key);
      await trainOne({ dataset, network, recipe, set, folder, configuration, index, key: key.fold(index), options });
    }
    return await listExperts(folder);
  } catch (error) {
    throw signal?.aborted && !(error instanceof AttarError) ? interrupted() : error;
  } finally {
    release();
  }
}

interface One {
  readonly dataset: Dataset;
  readonly network: Network;
  readonly recipe: Recipe;
  readonly set: TrainingSet;
  readonly folder: string;
  readonly configuration: ExpertConfiguration;
  readonly index: number;
  readonly key: RandomKey;
  readonly options: ExpertsOptions;
}

async function trainOne({ dataset, network, recipe, set, folder, configuration, index, key, options }: One) {
  const [part, path] = [join(folder, partName(index)), join(folder, expertName(index))];
  const strategy = parseStrategy(recipe.augmentation);
  const [, h, w] = dataset.shape;
  const augment = (batch: Tensor, draw: RandomKey): Tensor => {
    const operator = drawOperator(draw, strategy);
    const draws = Array.from({ length: batch.shape[0]! }, (_, i) => drawParameters(draw.fold(i), operator, h, w));
    return tensor(augmentOnHost(batch.data as Float32Array, dataset.shape, draws), batch.shape);
  };
  const progress = await trainExpert(network, set, recipe, key, {
    from: await partOf(part, configuration, index),
    augment: strategy.length > 0 ? augment : (batch) => batch,
    signal: options.signal,
    async onEpoch(now) {
      await writeExpert(part, { ...now, configuration, index });
      const [epoch, loss] = [now.losses.length, now.losses.at(-1)!];
      options.onEpoch?.({ expert: index, epoch, epochs: recipe.epochs, loss });
    },
  });
  const params = progress.states.at(-1)!;
  const tested = dataset.test.labels.length > 0;
  const correct = tested ? await accuracy(network, { params }, testBatches(dataset), options) : undefined;
  const { states, losses } = progress;
  await writeExpert(path, { states, losses, optimizer: {}, configuration, index, accuracy: correct });
  await rm(part, { force: true });
  options.onExpert?.({ path, index, configuration, epochs: losses.length, losses, accuracy: correct });
}

/** An expert under way; one of another configuration, or a damaged file, starts over. */
async function partOf(
  path: string,
  configuration: ExpertConfiguration,
  index: number,
): Promise<StoredExpert | undefined> {
  const found = await readExpert(path).catch(() => undefined);
  const mine = found?.index === index && JSON.stringify(found.configuration) === JSON.stringify(configuration);
  return mine ? found : undefined;
}

async function trainingSet(dataset: Dataset, images: number, key: RandomKey): Promise<TrainingSet> {
  const all = dataset.train.labels.length;
  const ids = images < all ? key.fold("images").permutation(all, images).sort() : undefined;
  return {
    images: await normaliseBatch(dataset, "train", ids),
    labels: ids ? Int32Array.from(ids, (id) => dataset.train.labels[id]!) : dataset.train.labels,
  };
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
    const list = differs.map((name) => `${name} ${other[name]} (now ${mine[name]})`).join(", ");
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
