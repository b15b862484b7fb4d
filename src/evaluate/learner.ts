import type { Normalisation } from "../data/dataset.ts";
import type { RandomKey, Tensor } from "../engine/index.ts";
import type { Recipe, TrainingSet } from "../hypotheses/index.ts";
import type { TrainedNetwork } from "./readings/index.ts";

export interface LearnerOptions {
  /** Augments a batch with a key; needed where the recipe names an augmentation. */
  readonly augment?: (images: Tensor, key: RandomKey) => Tensor;
  /** The normalisation of the images; needed where the recipe names an adversary, which perturbs pixels. */
  readonly normalisation?: Normalisation;
  /** Images of a batch that are standardised together before a network sees them; each by their own mean and deviation. */
  readonly standardised?: number;
  readonly signal?: AbortSignal;
  readonly onPass?: (epoch: number, loss: number) => void;
}

/** An architecture as an evaluation uses it: trained on a set, again and again. */
export interface Learner {
  /** The network as the command line writes it. */
  readonly net: string;
  /** A digest that tells the network apart from another one of its name, where it is not attar's own. */
  readonly content?: string | undefined;
  /** True where training draws at random, so that a set has different networks. */
  readonly drawn: boolean;
  /** True where it yields networks with weights; an infinitely wide one has none. */
  readonly weights: boolean;
  /** The kind of the outputs under a recipe, and the reason in words. */
  outputs(recipe: Recipe): { readonly kind: TrainedNetwork["outputs"]; readonly why: string };
  /** Rejects with the signal's reason when it is aborted. */
  train(set: TrainingSet, recipe: Recipe, key: RandomKey, options: LearnerOptions): Promise<TrainedNetwork>;
  /** Frees what was compiled. Networks that were handed out stay usable, and compile anew what they need. */
  dispose(): void;
}
