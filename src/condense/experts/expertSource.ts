import type { Dataset } from "../../data/dataset.ts";
import { randomKey } from "../../engine/index.ts";
import { buildNetwork, type Experts, type Feed, type Params } from "../../hypotheses/index.ts";
import { strategyFor } from "../../tricks/index.ts";
import { type ExpertKind, expertTrainer } from "./expertTraining.ts";

/** Experts that a run asks for. */
export interface ExpertOrder extends ExpertKind {
  readonly count: number;
}

/** Where a run's experts come from. */
export type ExpertSource = (dataset: Dataset, order: ExpertOrder) => Promise<Experts>;

/** A source as sources of hypotheses ask it, for one run. */
export function feedOf(source: ExpertSource, dataset: Dataset, seed: number): NonNullable<Feed["experts"]> {
  const all = dataset.train.labels.length;
  return ({ recipe, augmented, images = all, ...request }) => {
    const augmentation = augmented ? strategyFor(dataset) : "";
    const fewer = images < all && { images };
    return source(dataset, { ...request, ...fewer, recipe: { ...recipe, augmentation }, seed });
  };
}

/** Trains each expert when it is first drawn, and keeps it in memory. */
export const expertsInMemory: ExpertSource = async (dataset, order) => {
  const trainer = expertTrainer(dataset, order);
  const trained = new Map<number, Promise<readonly Params[]>>();
  return {
    network: trainer.network.spec,
    count: order.count,
    epochs: order.recipe.epochs,
    async at(expert, epoch) {
      let states = trained.get(expert);
      if (!states) {
        states = trainer.train(expert).then((progress) => progress.states);
        trained.set(expert, states);
        states.catch(() => trained.delete(expert));
      }
      return (await states)[epoch]!;
    },
    dispose() {
      trainer.dispose();
    },
  };
};

/** Random networks in the place of experts: what a step costs does not depend on them. */
export const untrainedExperts: ExpertSource = async (dataset, { network: spec, count, recipe, seed }) => {
  const network = buildNetwork(spec, dataset.shape, dataset.classes.length);
  const key = randomKey(seed).fold("untrained");
  const at = async (expert: number, epoch: number) => network.init(key.fold(expert).fold(epoch));
  return { network: network.spec, count, epochs: recipe.epochs, at };
};
