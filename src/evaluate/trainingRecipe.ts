import type { CondensedSet } from "../data/dataset.ts";
import { type Domain, domainOf } from "../data/domain.ts";
import type { TrainingRecipe } from "../data/node/howToTrain.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { lossOf, type NetworkSpec, networkText, type Recipe, resolveNetwork } from "../hypotheses/index.ts";
import { type Augmentation, parseAugmentation } from "../tricks/index.ts";
import { factsOf, type Protocol, setProtocol } from "./protocol.ts";
import { type ScoreStore, scoreKey, setDigest } from "./scores.ts";
import { type Summary, summary } from "./summary.ts";

/** The value of `format` in a recipe; a reader refuses any other. */
export const recipeFormat = "attar-recipe-1";

/** The training that `attar evaluate` gives a set by default. */
export interface Training {
  readonly network: NetworkSpec;
  readonly protocol: Protocol;
  /** The same as JSON for readers in other languages. */
  readonly recipe: TrainingRecipe;
}

export interface TrainingOptions {
  /** The network; that of the domain where left out. */
  readonly network?: NetworkSpec;
  /** The domain of the samples; where left out the one that their shape tells. */
  readonly domain?: Domain;
}

/**
 * The training of a set: its network and protocol, and both as a recipe. Keys of a recipe: format, network {name, options}, input
 * [C, H, W], outputs, optimizer, learning_rate, momentum, weight_decay, batch, epochs, schedule, loss, augmentation ({scheme,
 * operators} or null), networks (how many are trained), protocol (the hash of it).
 */
export async function trainingOf(
  set: CondensedSet,
  { domain = domainOf(set.shape), network = resolveNetwork(domain.network) }: TrainingOptions = {},
): Promise<Training> {
  const data = { domain, ...(set.target && { target: set.target }) };
  const protocol = await setProtocol(factsOf(set), data, {});
  const { augmentation } = protocol.recipe;
  const recipe = {
    ...recipeFrom({
      network,
      input: set.shape,
      outputs: outputsOf(set),
      recipe: protocol.recipe,
      augmentation: parseAugmentation(augmentation, data),
    }),
    networks: protocol.repeats,
    protocol: protocol.hash,
  };
  return { network, protocol, recipe };
}

/** The part of a recipe that says how one network is trained. */
export function recipeFrom({
  network,
  input,
  outputs,
  recipe,
  augmentation,
}: {
  readonly network: NetworkSpec;
  readonly input: readonly [number, number, number];
  readonly outputs: number;
  readonly recipe: Recipe;
  readonly augmentation: Augmentation | undefined;
}): TrainingRecipe {
  const { optimizer, learningRate, momentum, weightDecay, batch, epochs, schedule } = recipe;
  return {
    format: recipeFormat,
    network,
    input,
    outputs,
    optimizer,
    learning_rate: learningRate,
    momentum,
    weight_decay: weightDecay,
    batch,
    epochs,
    schedule,
    loss: lossOf(recipe),
    augmentation: augmentation ?? null,
  };
}

/**
 * The accuracy (of numbers, R²) of the networks that were trained on a set as {@link trainingOf} says, as far as a store kept them.
 *
 * @returns undefined where it has none
 */
export async function keptScore(
  set: CondensedSet,
  { network, protocol }: Training,
  store: ScoreStore,
): Promise<Summary | undefined> {
  const content = await setDigest(set, set.normalisation);
  const runs: number[] = [];
  for (let repeat = 0; ; repeat++) {
    const { recipe, seed } = protocol;
    const key = await scoreKey([set.datasetChecksum, content, networkText(network), recipe, seed, repeat]);
    const value = store.get(key)?.values[set.target ? "r2" : "accuracy"];
    if (value === undefined) return runs.length > 0 ? summary(runs) : undefined;
    runs.push(value);
  }
}
