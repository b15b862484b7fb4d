import { AttarError, type RandomKey, Tensor, tensor } from "../../engine/index.ts";
import type { Network, Params } from "../network.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { schedules } from "../optimizers/schedules.ts";
import { unfitted } from "./descent.ts";
import { trainPasses } from "./loop.ts";
import { checkRecipe, lossOf, optimizerOf, type Recipe } from "./recipe.ts";
import { type TrainingLoss, targetsOf } from "./trainingLoss.ts";
import { type TrainingState, trainingStep } from "./trainingStep.ts";

/** A set to train on: images [M, C, H, W] as the network sees them (normalised), and hard labels or soft ones [M, classes]. */
export interface TrainingSet {
  readonly images: Tensor;
  readonly labels: Int32Array | Tensor;
  /** The loss that its labels are for, where a recipe names none; cross-entropy when left out. */
  readonly loss?: TrainingLoss;
  /** The images of a pass in place of `images`: as many, of the same labels. The same in every pass where left out. */
  renewed?(pass: number, key: RandomKey): Promise<Tensor>;
}

export interface TrainOptions {
  /** Start here instead of from `network.init(key.fold("init"))`. */
  readonly params?: Params;
  /** Continue an earlier training: parameters, the optimizer's state and running statistics. */
  readonly from?: TrainingState;
  /**
   * Augments one batch [n, C, H, W] with the given key; must return new storage. Needed where the recipe names an
   * augmentation.
   */
  readonly augment?: (images: Tensor, key: RandomKey) => Tensor;
  /** Changes a batch and its targets [n, classes] together, after `augment`: mixtures of images. Returns new storage. */
  readonly mix?: (images: Tensor, targets: Tensor, key: RandomKey) => { images: Tensor; targets: Tensor };
  /**
   * Perturbs a batch against the network as it is before the step, after all other changes; needed where the recipe names an
   * adversary. Returns new storage.
   */
  readonly perturb?: (state: TrainingState, images: Tensor, targets: Tensor, key: RandomKey) => Promise<Tensor>;
  /** Stops between steps. */
  readonly signal?: AbortSignal;
  /** Pass to begin with, 0 when left out: with `from`, the rest of a training that was interrupted before it. */
  readonly firstPass?: number;
  /** Called after every pass with its index, mean loss, state and accuracy (see {@link Trained}), and awaited. */
  readonly onPass?: (pass: number, loss: number, state: TrainingState, accuracy: number) => unknown;
}

/**
 * The result of training: parameters, the running statistics where the network keeps some, mean loss and accuracy of each
 * pass.
 */
export interface Trained {
  readonly params: Params;
  readonly statistics?: Params;
  readonly losses: readonly number[];
  /**
   * Share of images classified correctly before the update that they took part in; of mixed ones, the share of their labels; 0
   * where the set's labels are values, and the recipe leaves the loss to it.
   */
  readonly accuracies: readonly number[];
  /** All that a later training needs to continue with `from`. */
  readonly state: TrainingState;
}

/**
 * Trains a network on a set: shuffled batches, the recipe's loss, optimizer and schedule. Each step is one compiled
 * graph, compiled once for a network object and batch shape and reused by later trainings.
 *
 * Randomness: initial parameters from `key.fold("init")`, the order of pass p from `key.fold("order").fold(p)`, the
 * augmentation of its batch b from `key.fold("augment").fold(p).fold(b)`, its mixture from `key.fold("mix").fold(p).fold(b)`,
 * its perturbation from `key.fold("perturb").fold(p).fold(b)`, and the images of a set that is renewed from `key.fold("renew").fold(p)`.
 *
 * @throws AttarError "invalid-recipe", "invalid-training-set", "label-out-of-range"; "diverged" (exit code 3) when the loss is
 * no longer a number. Rejects with the signal's reason when it is aborted.
 */
export async function train(
  network: Network,
  set: TrainingSet,
  given: Recipe,
  key: RandomKey,
  options: TrainOptions = {},
): Promise<Trained> {
  const recipe: Recipe = given.loss === undefined && set.loss !== undefined ? { ...given, loss: set.loss } : given;
  checkRecipe(recipe);
  const regresses = recipe !== given && recipe.loss === "squared-error";
  const targets = checkedTargets(network, set, recipe);
  const { augment } = options;
  if (recipe.augmentation !== "" && !augment)
    throw new AttarError(
      "invalid-recipe",
      `the training recipe names the augmentation "${recipe.augmentation}" and train() was given none`,
      "Pass options.augment, or set the recipe's augmentation to an empty text.",
    );
  const perturb = recipe.adversary && options.perturb;
  if (recipe.adversary && !perturb)
    throw new AttarError(
      "invalid-recipe",
      "the training recipe names an adversary and train() was given none",
      "Pass options.perturb, or leave the recipe's adversary out.",
    );
  const count = set.images.shape[0]!;
  const schedule = schedules[recipe.schedule];
  const optimizer = optimizerOf(recipe);
  const step = trainingStep(network, recipe);
  const start = options.from ?? freshState(network, optimizer, options.params ?? network.init(key.fold("init")));
  const losses: number[] = [];
  const accuracies: number[] = [];
  let correct = 0;
  let shown = set.images;
  const state = await trainPasses<TrainingState>(
    start,
    { passes: schedule.passes(recipe.epochs), count, batch: recipe.batch, order: key.fold("order") },
    async (before, { pass, index, rows }) => {
      let now = before;
      if (index === 0) {
        correct = 0;
        if (set.renewed) shown = await set.renewed(pass, key.fold("renew").fold(pass));
        if (schedule.restarts(pass, recipe.epochs)) now = { ...before, optimizer: optimizer.init(before.params) };
      }
      let images = shown.take(rows);
      let wanted = targets.take(rows);
      if (augment) images = augment(images, key.fold("augment").fold(pass).fold(index));
      if (options.mix) {
        const mixed = options.mix(images, wanted, key.fold("mix").fold(pass).fold(index));
        [images, wanted] = [mixed.images, mixed.targets];
      }
      if (perturb) images = await perturb(now, images, wanted, key.fold("perturb").fold(pass).fold(index));
      const rate = recipe.learningRate * schedule.factor(pass, recipe.epochs);
      const next = await step(now, images, wanted, tensor(rate));
      correct += next.correct.item();
      return { state: next.state, loss: next.loss.item() };
    },
    {
      name: `training of ${network.spec.name}`,
      hint: `Try a learning rate below ${recipe.learningRate}.`,
      signal: options.signal,
      firstPass: options.firstPass,
      async onPass(pass, loss, now) {
        losses.push(loss);
        accuracies.push(regresses ? 0 : correct / count);
        await options.onPass?.(pass, loss, now, correct / count);
      },
    },
  );
  const { params, statistics } = state;
  return { params, losses, accuracies, state, ...(network.statistics && { statistics }) };
}

/** The state in which a training starts: no momentum, no running moments. */
function freshState(network: Network, optimizer: Optimizer, params: Params): TrainingState {
  return { ...unfitted(params, optimizer), statistics: network.statistics?.init() ?? {} };
}

function checkedTargets(network: Network, { images, labels }: TrainingSet, recipe: Recipe): Tensor {
  const expected = ["M", ...network.input];
  const refuse = (message: string) => {
    throw new AttarError("invalid-training-set", message);
  };
  if (images.shape.length !== 4 || network.input.some((d, i) => d !== images.shape[1 + i]))
    refuse(`training images must have the shape [${expected}], got [${images.shape}]`);
  const count = images.shape[0]!;
  if (count === 0) refuse("the set to train on has no images");
  if (labels instanceof Tensor) {
    if (String(labels.shape) !== String([count, network.classes]))
      refuse(`soft labels must have the shape [${count},${network.classes}], got [${labels.shape}]`);
    return labels;
  }
  if (labels.length !== count) refuse(`${count} training images have ${labels.length} labels`);
  return targetsOf(labels, network.classes, lossOf(recipe));
}
