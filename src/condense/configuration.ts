import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { AttarError } from "../engine/index.ts";
import { buildNetwork, convnet, type NetworkSpec } from "../hypotheses/index.ts";
import type { Method } from "../methods/method.ts";
import { checkInitialisation } from "../synthetic/initialise.ts";
import { parseStrategy, strategyFor } from "../tricks/index.ts";

export interface CondenseOptions {
  /** Images per class. */
  ipc: number;
  /** Root of all randomness; defaults to 0. */
  seed?: number;
  /** Hyperparameters to start from: "laptop" (default) or "paper". */
  preset?: "laptop" | "paper";
  steps?: number;
  /** Real images drawn per class and step. */
  realBatch?: number;
  imageLearningRate?: number;
  imageMomentum?: number;
  /** Network whose random initialisations are the hypotheses; defaults to the ConvNet. */
  network?: NetworkSpec;
  /** Operators joined by "_", or "none"; defaults to the field's choice for the dataset. */
  augmentation?: string;
  /** real, noise or kmeans. */
  initialisation?: string;
}

/** Everything that determines the result, resolved. JSON-serialisable; its hash guards checkpoints. */
export interface Configuration {
  readonly method: string;
  readonly dataset: string;
  readonly datasetChecksum: string;
  readonly ipc: number;
  readonly seed: number;
  readonly preset: "laptop" | "paper";
  readonly steps: number;
  readonly realBatch: number;
  readonly imageLearningRate: number;
  readonly imageMomentum: number;
  readonly network: NetworkSpec;
  readonly augmentation: string;
  readonly initialisation: string;
}

/**
 * Fills in the preset and checks every value against the dataset.
 *
 * @throws AttarError, one sentence per wrong value.
 */
export function resolveConfiguration(dataset: Dataset, method: Method, options: CondenseOptions): Configuration {
  const { ipc, seed = 0, preset = "laptop" } = options;
  wholeNumber("ipc", ipc, 1);
  wholeNumber("seed", seed, 0);
  if (preset !== "laptop" && preset !== "paper")
    throw new AttarError("bad-option", `unknown preset "${preset}"`, "use laptop or paper");
  if (dataset.classes.length < 2)
    throw new AttarError(
      "one-class",
      `${dataset.name} has one class only, condensation needs at least two`,
      "add images of another class",
    );
  const sizes = byClass(dataset.train.labels, dataset.classes.length).map((m) => m.length);
  const smallest = Math.min(...sizes);
  if (smallest === 0)
    throw new AttarError(
      "empty-class",
      `class "${dataset.classes[sizes.indexOf(0)]}" of ${dataset.name} has no training image`,
      "add images to it, or leave the class out",
    );
  if (ipc > smallest) {
    const name = dataset.classes[sizes.indexOf(smallest)];
    throw new AttarError(
      "ipc-too-large",
      `ipc ${ipc} is larger than class "${name}" of ${dataset.name}, which has ${smallest} training images`,
      `use --ipc ${smallest} or less`,
    );
  }
  const base = method.presets[preset];
  const steps = options.steps ?? base.steps;
  wholeNumber("steps", steps, 1);
  const wanted = options.realBatch ?? base.realBatch;
  wholeNumber("realBatch", wanted, method.loop === "match" ? 1 : 0);
  const imageLearningRate = options.imageLearningRate ?? base.imageLearningRate;
  const imageMomentum = options.imageMomentum ?? base.imageMomentum;
  for (const [name, value] of Object.entries({ imageLearningRate, imageMomentum }))
    if (!Number.isFinite(value) || value < 0)
      throw new AttarError(
        "bad-option",
        `${name} must be a non-negative number, got ${value}`,
        `for example --set ${name}=${name === "imageMomentum" ? 0.5 : 1}`,
      );
  const augmented = method.tricks.some((t) => t.name === "siamese-augmentation");
  const augmentation = options.augmentation ?? (augmented ? strategyFor(dataset.name) : "");
  parseStrategy(augmentation);
  const initialisation = checkInitialisation(options.initialisation ?? method.initialisation.name);
  return {
    method: method.name,
    dataset: dataset.name,
    datasetChecksum: dataset.checksum,
    ipc,
    seed,
    preset,
    steps,
    realBatch: Math.min(wanted, smallest),
    imageLearningRate,
    imageMomentum,
    network:
      method.loop === "match" ? hypothesis(options.network ?? convnet(), dataset) : (options.network ?? convnet()),
    augmentation: augmentation === "none" ? "" : augmentation,
    initialisation,
  };
}

/** The spec with every option resolved, of a network that fits the dataset and whose statistics are sums over samples. */
function hypothesis(spec: NetworkSpec, dataset: Dataset): NetworkSpec {
  const network = buildNetwork(spec, dataset.shape, dataset.classes.length);
  if (network.statistics)
    throw new AttarError(
      "batch-normalisation",
      `${spec.name} normalises over the batch: what it makes of one image depends on the others, so class sums cannot be added up in chunks`,
      `use instance normalisation: --net ${spec.name}:normalisation=instance`,
    );
  return network.spec;
}

/** @throws AttarError unless `value` is a whole number of at least `least`. */
export function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new AttarError(
    "bad-option",
    `${name} must be a whole number of at least ${least}, got ${value}`,
    name === "ipc" || name === "seed" || name === "steps"
      ? `for example --${name} ${Math.max(least, 10)}`
      : `for example --set ${name}=${Math.max(least, 10)}`,
  );
}
