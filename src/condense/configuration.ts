import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { arrayShape } from "../data/domain.ts";
import { fingerprint } from "../data/fingerprint.ts";
import { type ReadOptions, readOptionWords } from "../data/readOptions.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { AttarError, type OptionValue, unknownName } from "../engine/index.ts";
import {
  buildNetwork,
  checkNetworkServes,
  type NetworkSpec,
  networkServes,
  resolveNetwork,
  sourceNamed,
} from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/method.ts";
import { initialisationNamed, spaceRegistry } from "../synthetic/index.ts";
import { augmentationText, parseAugmentation, strategyFor, trainedUnder } from "../tricks/index.ts";
import { isPrivate, resolveParts } from "./parts.ts";
import { realBatchOf, recipeFor } from "./recipe.ts";
import type { ResolvedParts } from "./resolvedParts.ts";
import { seenOf } from "./seenOptions.ts";
import { valueSettings } from "./valueSettings.ts";

export interface CondenseOptions {
  /** Images per class; defaults to 10. */
  ipc?: number;
  /** Root of all randomness; defaults to 0. */
  seed?: number;
  /** Hyperparameters to start from: "laptop" (default) or "paper". */
  preset?: "laptop" | "paper";
  steps?: number;
  /** Real images drawn per class and step. */
  realBatch?: number;
  imageLearningRate?: number;
  imageMomentum?: number;
  /** Network whose parameters are the hypotheses; defaults to the ConvNet. */
  network?: NetworkSpec;
  /** "none", "siamese", "composite", operators joined by "_", or a scheme with operators; defaults to the method's. */
  augmentation?: string;
  /** The name of an initialisation (src/synthetic/initialisations.ts). */
  initialisation?: string;
  /**
   * A condensed set to start from, where the dataset or its classes have grown: its images by the names of classes, before
   * those of the initialisation. Its labels and rates, where they were learned, start anew.
   */
  start?: CondensedSet;
  /** Options of parts by path: "hypotheses.every", "synthetic.factor", "tricks.inter.margin" … */
  settings?: Readonly<Record<string, OptionValue>>;
  /** The method's record where it was read from a file: a part of the configuration, so that a run goes on under no other. */
  record?: Method;
  /** Files whose parts are registered beside attar's: a part of the configuration, too. */
  plugins?: readonly Plugin[];
}

/** A file of parts of a person's own: where it was, and the SHA-256 of its bytes. */
export interface Plugin {
  readonly path: string;
  readonly sha256: string;
}

/** Everything that determines the result, resolved. JSON-serialisable; it guards checkpoints. */
export interface Configuration extends ResolvedParts {
  readonly method: string;
  readonly dataset: string;
  readonly datasetChecksum: string;
  /** The normalisation of its images: the kind and every value. */
  readonly normalisation: string;
  /** The class names in order, as a fingerprint. */
  readonly classes: string;
  readonly ipc: number;
  readonly seed: number;
  readonly preset: "laptop" | "paper";
  readonly steps: number;
  readonly realBatch: number;
  readonly imageLearningRate: number;
  readonly imageMomentum: number;
  readonly network: NetworkSpec;
  /** Operators to train on the set with; "" for none. */
  readonly augmentation: string;
  /** Augmentation in matching, with its scheme; "none" for none. */
  readonly matching: string;
  readonly initialisation: string;
  /** The set that it starts from, as a fingerprint of images and labels, where there is one. */
  readonly start?: string;
  /** The options under which the dataset was read, where a person gave some. */
  readonly reading?: ReadOptions;
  /** The method's record, where it was read from a file. */
  readonly record?: Method;
  /** Files of parts of a person's own, where there are any. */
  readonly plugins?: readonly Plugin[];
}

export type { ResolvedPart, ResolvedTerm } from "./resolvedParts.ts";

/**
 * Fills in the preset and checks every value against the dataset, of which no more than its {@link DatasetInfo} is looked at.
 *
 * @throws AttarError, one sentence per wrong value.
 */
export function resolveConfiguration(
  data: Dataset | DatasetInfo,
  record: Method,
  given: CondenseOptions = {},
): Configuration {
  const dataset = infoOf(data);
  const { method, options } = inSpace(record, given);
  const { ipc = 10, seed = 0, preset = "laptop" } = options;
  wholeNumber("ipc", ipc, 1);
  wholeNumber("seed", seed, 0);
  if (preset !== "laptop" && preset !== "paper")
    throw new AttarError("bad-option", `unknown preset "${preset}"`, "use laptop or paper");
  const moves = !isCoreset(method);
  const settings = {
    ...ofSpace(recipeFor(method, preset, dataset, ipc).set, method === record),
    ...(dataset.target && valueSettings(method)),
    ...options.settings,
  };
  const { seen, looked } = moves ? seenOf(method, settings, dataset) : { looked: dataset };
  const smallest =
    moves && isPrivate(method, settings) ? equalShare(dataset) : smallestClass(dataset, moves ? undefined : ipc);
  const { steps: _s, realBatch: _r, imageLearningRate: _l, imageMomentum: _m, ...other } = settings;
  const { augmentation: own, "evaluation.augmentation": scored = "", initialisation: start, ...remaining } = other;
  const { realImages: _i, ...paths } = remaining;
  const asked = wholeNumber("steps", options.steps ?? settings.steps, moves ? 1 : 0);
  const steps = moves ? asked : 0;
  const each = options.realBatch ?? realBatchOf(settings, dataset.classes.length);
  const wanted = wholeNumber("realBatch", each, moves ? 1 : 0);
  const imageLearningRate = options.imageLearningRate ?? settings.imageLearningRate;
  const imageMomentum = options.imageMomentum ?? settings.imageMomentum;
  for (const [name, value] of Object.entries({ imageLearningRate, imageMomentum }))
    if (!Number.isFinite(value) || value < 0)
      throw new AttarError(
        "bad-option",
        `${name} must be a non-negative number, got ${value}`,
        `for example --set ${name}=${name === "imageMomentum" ? 0.5 : 1}`,
      );
  const realBatch = Math.min(wanted, smallest);
  const declared = looked.domain.augmentations.length === 0 || !moves ? "none" : (own ?? method.augmentation);
  const augmentation = parseAugmentation(String(options.augmentation ?? declared), looked);
  // Codes are not augmented; networks that train on what they decode to are.
  const afterwards = String(scored || (seen ? strategyFor(dataset) : ""));
  const after = dataset.domain.augmentations.length === 0 ? "" : afterwards;
  parseAugmentation(after, dataset);
  if (options.start && !moves)
    throw new AttarError(
      "bad-option",
      `${method.name} chooses real images and starts from no set`,
      "leave --start out",
    );
  const named = String(options.initialisation ?? start ?? method.initialisation.name);
  // Classes that the set has not, and images beside its own, are real ones where the method would start from noise.
  const initialisation = options.start && named === "noise" ? "random" : named;
  initialisationNamed(initialisation);
  const { network: chosen, rest } = networkOf(method, paths, options, looked);
  const parts = resolveParts(
    method,
    { ...unaugmented(method, looked), ...rest },
    { dataset, looked, ipc, realBatch, augmented: augmentation !== undefined, initialisation, steps },
  );
  const { reading } = dataset;
  return {
    method: method.name,
    dataset: dataset.name,
    datasetChecksum: dataset.checksum,
    normalisation: dataset.normalisation,
    classes: fingerprint(new TextEncoder().encode(JSON.stringify(dataset.classes))),
    ipc,
    seed,
    preset,
    steps,
    realBatch,
    imageLearningRate,
    imageMomentum,
    network: moves && sourceNamed(parts.hypotheses.name).atOnce > 0 ? hypothesis(chosen, looked) : chosen,
    augmentation: augmentation ? trainedUnder(augmentation, dataset) : after,
    matching: augmentation ? augmentationText(augmentation) : "none",
    initialisation,
    ...(options.start && { start: startOf(options.start) }),
    ...(reading && readOptionWords(reading).length > 0 && { reading }),
    ...parts,
    ...(seen && { seen }),
    ...(options.record && { record: options.record }),
    ...(options.plugins && { plugins: options.plugins }),
  };
}

/** The method in another data space, where the setting `synthetic` names one. */
function inSpace(method: Method, options: CondenseOptions): { method: Method; options: CondenseOptions } {
  const { synthetic, ...settings } = options.settings ?? {};
  if (synthetic === undefined || synthetic === method.synthetic.name)
    return { method, options: synthetic === undefined ? options : { ...options, settings } };
  const name = String(synthetic);
  if (!spaceRegistry.has(name)) throw unknownName("data space", name, spaceRegistry.names, { code: "unknown-space" });
  return { method: { ...method, synthetic: { name } }, options: { ...options, settings } };
}

/** The settings of a recipe; without those of a data space that the method has left. */
const ofSpace = <S extends object>(set: S, own: boolean): S =>
  own ? set : (Object.fromEntries(Object.entries(set).filter(([path]) => !path.startsWith("synthetic."))) as S);

/** Tells a set to start from apart from others. */
const startOf = ({ images, labels }: CondensedSet): string =>
  [images, labels]
    .map(({ buffer, byteOffset, byteLength }) => fingerprint(new Uint8Array(buffer, byteOffset, byteLength)))
    .join("");

/** Settings that switch off what networks' training does to images, where a method declares it and none suits the data. */
function unaugmented(method: Method, { domain }: DatasetInfo): Record<string, OptionValue> {
  if (domain.augmentations.length > 0) return {};
  const { options } = sourceNamed(method.hypotheses.name);
  const switches = ["augmented", "mixed"].filter((name) => Object.hasOwn(options, name));
  return Object.fromEntries(switches.map((name) => [`hypotheses.${name}`, false]));
}

/**
 * The network that a run looks through: the one asked for, or the method's with the options its preset sets, or the domain's
 * where the method names none or one that does not serve the domain; `network.…` of the settings that were asked for changes
 * any. With it the settings of all other parts.
 */
function networkOf(
  method: Method,
  paths: Readonly<Record<string, OptionValue>>,
  { network: asked, settings = {} }: CondenseOptions,
  { domain }: DatasetInfo,
): { network: NetworkSpec; rest: Record<string, OptionValue> } {
  const head = "network.";
  const own = Object.entries(paths).filter(([path]) => path.startsWith(head));
  const usual = resolveNetwork(domain.network);
  const declared = method.network ?? usual;
  const network = asked ?? (networkServes(declared.name, domain.kind) ? undefined : usual);
  const { name, options = {} } = network ?? declared;
  const changed = own.filter(([path]) => !network || Object.hasOwn(settings, path));
  const changes = Object.fromEntries(changed.map(([path, value]) => [path.slice(head.length), value]));
  return {
    network: { name, options: { ...options, ...changes } as NetworkSpec["options"] },
    rest: Object.fromEntries(Object.entries(paths).filter(([path]) => !path.startsWith(head))),
  };
}

/** Images of a class if all were of one size: sizes of classes are no public facts. */
const equalShare = ({ counts, classes }: DatasetInfo): number =>
  Math.max(1, Math.floor(counts.train.reduce((sum, n) => sum + n, 0) / classes.length));

/** Images of the smallest class. @throws AttarError where a class is missing, empty, or smaller than a coreset's share. */
function smallestClass(dataset: DatasetInfo, share = 1): number {
  if (dataset.classes.length < 2)
    throw new AttarError(
      "one-class",
      `${dataset.name} has one class only, condensation needs at least two`,
      "add images of another class",
    );
  const sizes = dataset.counts.train;
  const smallest = Math.min(...sizes);
  if (smallest === 0)
    throw new AttarError(
      "empty-class",
      `class "${dataset.classes[sizes.indexOf(0)]}" of ${dataset.name} has no training image`,
      "add images to it, or leave the class out",
    );
  if (share > smallest) {
    const name = dataset.classes[sizes.indexOf(smallest)];
    throw new AttarError(
      "ipc-too-large",
      `ipc ${share} is larger than class "${name}" of ${dataset.name}, which has ${smallest} training images`,
      `use --ipc ${smallest} or less`,
    );
  }
  return smallest;
}

/** The spec with every option resolved, of a network that fits the dataset and whose statistics are sums over samples. */
function hypothesis(spec: NetworkSpec, dataset: DatasetInfo): NetworkSpec {
  checkNetworkServes(spec.name, dataset.domain.kind, (serving) => `--net ${serving}`);
  const network = buildNetwork(spec, arrayShape(dataset.domain), outputsOf(dataset));
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
