import { AttarError, type RandomKey } from "../../engine/index.ts";
import type { Network, Params } from "../network.ts";
import type { Recipe } from "../training/recipe.ts";
import { type TrainingSet, type TrainOptions, train } from "../training/train.ts";
import type { TrainingState } from "../training/trainingStep.ts";

/** An expert under way: everything that its next epoch depends on, and what is kept of those before. */
export interface ExpertProgress {
  /** Parameters before the first epoch and after each one so far. */
  readonly states: readonly Params[];
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
  /** State of the optimizer after them. */
  readonly optimizer: TrainingState["optimizer"];
}

export interface ExpertOptions extends Pick<TrainOptions, "augment" | "perturb" | "signal"> {
  /** Continues from there; the result is that of a training that never stopped. */
  readonly from?: ExpertProgress;
  /** Called after every epoch, and awaited. */
  readonly onEpoch?: (progress: ExpertProgress) => unknown;
}

/**
 * Trains one expert on T and keeps its parameters after every epoch: `train` under a constant recipe, its draws those of `key`.
 *
 * @throws AttarError "unsupported-network" for batch normalisation, whose running statistics are no part of a trajectory; and as
 * `train` does.
 */
export async function trainExpert(
  network: Network,
  set: TrainingSet,
  recipe: Recipe,
  key: RandomKey,
  { from, onEpoch, ...options }: ExpertOptions = {},
): Promise<ExpertProgress> {
  if (network.statistics)
    throw new AttarError(
      "unsupported-network",
      `${network.spec.name} normalises by batches, and an expert's trajectory is of parameters alone`,
      "Choose another normalisation, for example convnet:normalisation=instance.",
    );
  const first = from?.states[0] ?? network.init(key.fold("init"));
  const states = [...(from?.states ?? [first])];
  const losses = [...(from?.losses ?? [])];
  let optimizer = from?.optimizer ?? {};
  await train(network, set, recipe, key, {
    ...options,
    params: first,
    from: from && { params: states.at(-1)!, optimizer, statistics: {} },
    firstPass: losses.length,
    async onPass(_pass, loss, state) {
      states.push(state.params);
      losses.push(loss);
      optimizer = state.optimizer;
      await onEpoch?.({ states, losses, optimizer });
    },
  });
  return { states, losses, optimizer };
}
