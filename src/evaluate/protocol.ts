import { sha256 } from "../data/checksum.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { AttarError } from "../engine/index.ts";
import { checkRecipe, fieldRecipe, type Recipe, type TrainingAttack, type TrainingLoss } from "../hypotheses/index.ts";
import { type Augmentable, strategyFor } from "../tricks/index.ts";
import { type ReadingSpec, readingsOf } from "./readings/index.ts";
import type { SamplingSpec } from "./sampling/index.ts";

/** The way in which networks are trained and what is read of them; the same object for a set and for everything it is compared with. JSON-serialisable. */
export interface Protocol {
  /** The training; its augmentation draws one operator per batch and parameters per image. */
  readonly recipe: Recipe;
  /** Networks trained per architecture, with different seeds. */
  readonly repeats: number;
  readonly seed: number;
  /** Only the last epoch is scored, on the whole test split. */
  readonly score: "last epoch";
  /** The samples that networks train on; left out where they are the images of the set. */
  readonly sampling?: SamplingSpec;
  /** The readings of every network, with all options; left out where it is accuracy alone. */
  readonly readings?: readonly ReadingSpec[];
  /** SHA-256 of the fields above. */
  readonly hash: string;
}

export interface ProtocolOptions {
  /** The loss that a set's labels are for; cross-entropy when left out. */
  loss?: TrainingLoss;
  /**
   * Defaults to 1000 with augmentation, 300 without; 20 where the set is the whole training split. Under squared error it is
   * the authors' number of steps for so many images.
   */
  epochs?: number;
  /** Epochs on the whole training split alone; `epochs`, or 20, when left out. */
  fullEpochs?: number;
  repeats?: number;
  seed?: number;
  augmentation?: string;
  /** The samples that networks train on; the images of the set where left out. */
  sampling?: SamplingSpec;
  /** Trains adversarially: images of every step are perturbed against the network under training. */
  adversary?: TrainingAttack;
  /** A learning rate that the set brings; the recipe's when left out. */
  learningRate?: number;
  /**
   * The readings of every network beside accuracy, which is always read, or where numbers are predicted beside R² and RMSE;
   * see {@link parseReading}.
   */
  readings?: readonly ReadingSpec[];
}

/** Epochs on a whole training split: some hundreds of times the images of a condensed set, so each epoch is as many steps. */
const fullEpochs = 20;

/**
 * The training of Zhou et al.'s evaluation (FRePo) on sets with values as labels: Adam, the rate warmed up and then let down,
 * squared error. They augment, which is left to `augmentation` here; RFAD's and RCIG's authors train in other ways.
 */
const regressionRecipe: Omit<Recipe, "epochs" | "augmentation"> = {
  batch: 500,
  optimizer: "adam",
  learningRate: 3e-4,
  momentum: 0.9,
  weightDecay: 0,
  schedule: "warmup-cosine",
  loss: "squared-error",
};

/** The number of epochs, which are steps for up to 500 images: those are one batch. */
export function regressionEpochs(images: number): number {
  if (images <= 10) return 1000;
  return images <= 100 ? 2000 : 5000;
}

/**
 * Epochs on a dataset's whole training split; where numbers are predicted, those of as many steps as its size has elsewhere.
 *
 * @param samples the size of that split
 */
export function fullEpochsOf({ target }: Pick<Partial<Dataset>, "target">, samples: number): number {
  if (!target) return fullEpochs;
  return Math.max(fullEpochs, Math.ceil(regressionEpochs(samples) / Math.ceil(samples / regressionRecipe.batch)));
}

/** The facts of a set by which its protocol differs from another's. JSON-serialisable. */
export interface SetFacts {
  /** The number of its images. */
  readonly samples: number;
  readonly augmentation: string;
  readonly loss?: TrainingLoss;
  readonly learningRate?: number;
}

/** The options of a protocol for sets of a kind: what is asked for, then what the set was made for; without its learning rate. */
export function optionsForSet(
  { samples, augmentation, loss: own }: SetFacts,
  { target }: Pick<Partial<Dataset>, "target">,
  options: ProtocolOptions,
): ProtocolOptions {
  const loss = target ? "squared-error" : (own ?? options.loss);
  const epochs = options.epochs ?? (loss === "squared-error" ? regressionEpochs(samples) : undefined);
  return { ...options, augmentation: options.augmentation ?? augmentation, loss, epochs };
}

/** The protocol under which networks are trained on a set that is smaller than its training split. */
export const setProtocol = (
  facts: SetFacts,
  dataset: Augmentable & Pick<Partial<Dataset>, "target">,
  options: ProtocolOptions,
): Promise<Protocol> =>
  protocolFor(dataset, { ...optionsForSet(facts, dataset, options), learningRate: facts.learningRate });

/** The epochs that networks are trained for on a set. */
export function epochsForSet(
  facts: SetFacts,
  dataset: Pick<Partial<Dataset>, "target">,
  asked: Pick<ProtocolOptions, "epochs" | "augmentation">,
): number {
  const { epochs, augmentation } = optionsForSet(facts, dataset, asked);
  return epochs ?? usualEpochs(augmentation === "none" ? "" : (augmentation ?? ""));
}

/** The field's epochs under operators of augmentation; "" for none. */
const usualEpochs = (augmentation: string): number => (augmentation ? 1000 : 300);

/** The facts of a set. */
export const factsOf = ({ labels, augmentation, loss, learningRate }: CondensedSet): SetFacts => ({
  samples: labels.length,
  augmentation,
  ...(loss !== undefined && { loss }),
  ...(learningRate !== undefined && { learningRate }),
});

/**
 * The field's protocol (Zhao and Bilen's evaluation): SGD with momentum 0.9 and weight decay 5e-4, learning rate 0.01 divided
 * by ten at half, batch 256, siamese operators without the sharing; where labels are values, {@link regressionRecipe}. Frozen.
 *
 * @throws AttarError "bad-option" for epochs, repeats or a seed out of range, "unknown-reading", "unknown-option" or "invalid-option"
 * for readings
 */
export async function protocolFor(
  dataset: Augmentable & Pick<Partial<Dataset>, "target">,
  options: ProtocolOptions = {},
): Promise<Protocol> {
  const asked = options.augmentation ?? strategyFor(dataset);
  const augmentation = asked === "none" ? "" : asked;
  const epochs = options.epochs ?? usualEpochs(augmentation);
  const recipe = options.loss === "squared-error" ? regressionRecipe : fieldRecipe;
  const { learningRate = recipe.learningRate, adversary } = options;
  if (adversary && dataset.target)
    throw new AttarError(
      "bad-combination",
      "adversarial training raises the loss of a class, and here numbers are predicted",
      "leave --adversarial out",
    );
  const readings = readingsOf(options.readings ?? [], dataset.target);
  const body = {
    recipe: Object.freeze({
      ...recipe,
      learningRate,
      epochs: whole("epochs", epochs, 1),
      augmentation,
      ...(adversary && { adversary }),
    }),
    repeats: whole("repeats", options.repeats ?? 5, 1),
    seed: whole("seed", options.seed ?? 0, 0),
    score: "last epoch",
    ...(options.sampling && options.sampling.name !== "bank" && { sampling: options.sampling }),
    ...((readings.length > 1 || dataset.target) && { readings }),
  } as const;
  checkRecipe(body.recipe);
  return Object.freeze({ ...body, hash: await sha256(new TextEncoder().encode(JSON.stringify(body))) });
}

function whole(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new AttarError(
    "bad-option",
    `${name} must be a whole number of at least ${least}, got ${value}`,
    `for example --${name} ${Math.max(least, 5)}`,
  );
}

/** The readings that a protocol takes: accuracy first, or where numbers are predicted R². */
export const readingsOfProtocol = ({ readings }: Protocol): readonly ReadingSpec[] => readings ?? readingsOf([]);
