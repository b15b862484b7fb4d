import { AttarError, nearest } from "../../engine/index.ts";
import { adam, adamw } from "../optimizers/adam.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { type ScheduleName, schedules } from "../optimizers/schedules.ts";
import { sgd } from "../optimizers/sgd.ts";
import { type TrainingLoss, trainingLosses } from "./trainingLoss.ts";

/**
 * The perturbation of the images of a training step: by projected gradient ascent, adversarial training (Madry et al. 2018), or by
 * normal noise, which a smoothed network is trained with (Cohen et al. 2019).
 */
export interface TrainingAttack {
  readonly norm: "linf" | "l2" | "gaussian";
  /** In pixels from black at 0 to white at 1; of noise its deviation. */
  readonly radius: number;
  readonly steps: number;
  /** Length of a step as a share of the radius. */
  readonly step: number;
}

/** The training of a network: a plain record that results and checkpoints store. */
export interface Recipe {
  /** Passes over the set; the `step` schedule makes one more, as the field's code does. */
  readonly epochs: number;
  /** Images a step, at most the size of the set. */
  readonly batch: number;
  readonly optimizer: "sgd" | "adam" | "adamw";
  readonly learningRate: number;
  /** Momentum of SGD; β₁ of Adam and AdamW. */
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule: ScheduleName;
  /** Strategy such as "color_crop_cutout_flip_scale_rotate"; "" for none. */
  readonly augmentation: string;
  /** Cross-entropy when left out. */
  readonly loss?: TrainingLoss;
  /** Images of every step are perturbed against the network as it is; none are when left out. */
  readonly adversary?: TrainingAttack;
}

/** The field's recipe for small sets: `evaluate_synset` of the DatasetCondensation code, without augmentation. */
export const fieldRecipe: Recipe = {
  epochs: 300,
  batch: 256,
  optimizer: "sgd",
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
  schedule: "step",
  augmentation: "",
};

/** The number of gradient steps of a training: batches of at most `batch` images, `epochs` times. */
export const gradientSteps = (images: number, { epochs, batch }: Pick<Recipe, "epochs" | "batch">): number =>
  epochs * Math.ceil(images / batch);

/** Epochs on so many images for a training of `steps` steps in the field's batches: as near to it as whole epochs come. */
export const epochsFor = (steps: number, images: number): number =>
  Math.max(1, Math.round(steps / gradientSteps(images, { epochs: 1, batch: fieldRecipe.batch })));

const optimizers: { readonly [name in Recipe["optimizer"]]: (recipe: Recipe) => Optimizer } = {
  sgd: ({ momentum, weightDecay }) => sgd({ momentum, weightDecay }),
  adam: ({ momentum, weightDecay }) => adam({ beta1: momentum, weightDecay }),
  adamw: ({ momentum, weightDecay }) => adamw({ beta1: momentum, weightDecay }),
};

/** A recipe as entries of one level, by which trainings are told apart: an adversary's are in one text. */
export function recipeIdentity({ adversary, ...recipe }: Recipe): Readonly<Record<string, string | number>> {
  if (!adversary) return recipe;
  const { norm, radius, steps, step } = adversary;
  return { ...recipe, adversary: `${norm},${radius},steps=${steps},step=${step}` };
}

/** The optimizer a recipe names. */
export function optimizerOf(recipe: Recipe): Optimizer {
  return optimizers[recipe.optimizer](recipe);
}

/** The loss a recipe names. */
export const lossOf = ({ loss = "cross-entropy" }: Recipe): TrainingLoss => loss;

/**
 * Refuses a recipe with a value out of range.
 *
 * @throws AttarError "invalid-recipe" naming the entry.
 */
export function checkRecipe(recipe: Recipe): void {
  const refuse = (entry: string, takes: string, hint = "") => {
    throw new AttarError("invalid-recipe", `${entry} of the training recipe must be ${takes}`, hint);
  };
  const named = (entry: string, value: string, known: readonly string[]) => {
    if (known.includes(value)) return;
    const near = nearest(value, known);
    refuse(entry, `one of ${known.join(", ")}, got "${value}"`, near ? `Did you mean ${near}?` : "");
  };
  if (!Number.isInteger(recipe.epochs) || recipe.epochs < 1)
    refuse("epochs", `a whole number from 1, got ${recipe.epochs}`);
  if (!Number.isInteger(recipe.batch) || recipe.batch < 1)
    refuse("batch", `a whole number from 1, got ${recipe.batch}`);
  if (!(recipe.learningRate > 0 && recipe.learningRate < Number.POSITIVE_INFINITY))
    refuse("learningRate", `a positive number, got ${recipe.learningRate}`);
  if (!(recipe.momentum >= 0 && recipe.momentum < 1)) refuse("momentum", `from 0 to below 1, got ${recipe.momentum}`);
  if (!(recipe.weightDecay >= 0 && recipe.weightDecay < Number.POSITIVE_INFINITY))
    refuse("weightDecay", `zero or a positive number, got ${recipe.weightDecay}`);
  const { adversary } = recipe;
  if (adversary && !(adversary.radius > 0 && adversary.radius < Number.POSITIVE_INFINITY))
    refuse("adversary.radius", `a positive number, got ${adversary.radius}`);
  if (adversary && !(adversary.step > 0 && adversary.step < Number.POSITIVE_INFINITY))
    refuse("adversary.step", `a positive number, got ${adversary.step}`);
  if (adversary && (!Number.isInteger(adversary.steps) || adversary.steps < 1))
    refuse("adversary.steps", `a whole number from 1, got ${adversary.steps}`);
  named("optimizer", recipe.optimizer, Object.keys(optimizers));
  named("schedule", recipe.schedule, Object.keys(schedules));
  named("loss", lossOf(recipe), Object.keys(trainingLosses));
}
