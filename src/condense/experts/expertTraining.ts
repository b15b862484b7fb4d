import type { Dataset } from "../../data/dataset.ts";
import { normaliseBatch } from "../../data/normaliseBatch.ts";
import { AttarError, type RandomKey, randomKey } from "../../engine/index.ts";
import {
  buildNetwork,
  checkNetworkServes,
  checkRecipe,
  type ExpertOptions,
  type ExpertProgress,
  type Network,
  type NetworkSpec,
  type Recipe,
  releaseNetwork,
  type TrainingSet,
  trainExpert,
} from "../../hypotheses/index.ts";
import { augmentBatch, parseAugmentation, parseStrategy } from "../../tricks/index.ts";

/** What every one of a number of experts has in common: what determines them, to the byte. */
export interface ExpertKind {
  readonly network: NetworkSpec;
  /** Training images they see, drawn at random, the same for all; all of them when left out. */
  readonly images?: number;
  readonly recipe: Recipe;
  readonly seed: number;
}

export interface ExpertTrainer {
  readonly network: Network;
  readonly images: number;
  /** Trains expert number `index`, each its own whatever was trained before. */
  train(index: number, options?: Omit<ExpertOptions, "augment">): Promise<ExpertProgress>;
  /** Frees the compiled training. */
  dispose(): void;
}

/** @throws AttarError "bad-option" for more images than there are, "invalid-recipe", "unsupported-network". */
export function expertTrainer(dataset: Dataset, { network: spec, recipe, seed, ...kind }: ExpertKind): ExpertTrainer {
  checkRecipe(recipe);
  checkNetworkServes(spec.name, dataset.domain.kind, (serving) => `--net ${serving}`);
  const network = buildNetwork(spec, dataset.shape, dataset.classes.length);
  const all = dataset.train.labels.length;
  const images = kind.images ?? all;
  if (!(images >= 1 && images <= all))
    throw new AttarError(
      "bad-option",
      `${dataset.name} has ${all} training images, not ${images}`,
      `ask for at most ${all}`,
    );
  const key = randomKey(seed).fold("experts");
  if (dataset.domain.augmentations.length === 0) parseAugmentation(recipe.augmentation, dataset);
  const operators = parseStrategy(recipe.augmentation);
  const augment: ExpertOptions["augment"] =
    operators.length > 0 ? augmentBatch({ scheme: "siamese", operators }, dataset.shape) : (batch) => batch;
  let set: Promise<TrainingSet> | undefined;
  return {
    network,
    images,
    async train(index, options = {}) {
      set ??= trainingSet(dataset, images, key);
      return trainExpert(network, await set, recipe, key.fold(index), { ...options, augment });
    },
    dispose() {
      releaseNetwork(network);
    },
  };
}

async function trainingSet(dataset: Dataset, images: number, key: RandomKey): Promise<TrainingSet> {
  const all = dataset.train.labels.length;
  const ids = images < all ? key.fold("images").permutation(all, images).sort() : undefined;
  return {
    images: await normaliseBatch(dataset, "train", ids),
    labels: ids ? Int32Array.from(ids, (id) => dataset.train.labels[id]!) : dataset.train.labels,
  };
}
