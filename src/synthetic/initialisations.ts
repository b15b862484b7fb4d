import { coveringCentres } from "../discrepancies/index.ts";
import {
  type Cited,
  flag,
  nearest,
  number,
  type OptionRules,
  type OptionValues,
  registry,
  resolveOptions,
  unknownName,
  work,
} from "../engine/index.ts";
import { encoderOption } from "./encoderOption.ts";
import { herding, kcenter, kmeans, random, type Selection } from "./selections.ts";

/**
 * A rule by which S starts. One that chooses real images is a coreset as well: a method without an objective is the
 * initialisation that it names.
 */
export interface InitialisationRule extends Cited {
  /** One line for tables. */
  readonly title: string;
  readonly options: OptionRules;
  /** Chooses real images of a class, with every option resolved; left out where the images are made. */
  readonly select?: (options: OptionValues) => Selection;
  /** True where a choice hangs on the key: what such a coreset is worth is a mean over draws. */
  readonly drawn: boolean;
  /** True where the choice does not look at the images. */
  readonly blind?: boolean;
}

const clustering = work(
  "S. Lloyd",
  1982,
  "Least squares quantization in PCM",
  "IEEE Transactions on Information Theory 28(2):129–137",
);

/** Every initialisation, by the name that declarations and settings use. */
export const initialisations = {
  random: { title: "real images drawn at random", options: {}, select: () => random, drawn: true, blind: true },
  noise: { title: "standard normal noise in the training normalisation", options: {}, drawn: true },
  "kmeans-centres": {
    title: "centres of a k-means clustering of at most 1,000 images of a class",
    options: {
      encoder: encoderOption,
      decoded: flag(
        false,
        "whether the centre of a cluster of codes is its mean code decoded, or the mean of its images",
      ),
    },
    citation: clustering,
    drawn: true,
  },
  kmeans: {
    title: "the real image nearest to each centre of a k-means clustering",
    options: { encoder: encoderOption },
    citation: clustering,
    select: () => kmeans,
    drawn: true,
  },
  herding: {
    title: "real images whose running mean stays closest to the class mean",
    options: { encoder: encoderOption },
    citation: work("M. Welling", 2009, "Herding Dynamical Weights to Learn", "ICML"),
    select: () => herding,
    drawn: false,
  },
  kcenter: {
    title: "real images each farthest from those before it",
    options: { encoder: encoderOption },
    citation: work(
      "O. Sener and S. Savarese",
      2018,
      "Active Learning for Convolutional Neural Networks: A Core-Set Approach",
      "ICLR",
    ),
    select: () => kcenter,
    drawn: true,
  },
  /**
   * The subset of least Hausdorff distance from T (Chen and Selvan 2025; §5.1.4). With slack any subset whose distance is at
   * most that share above the least will do, and the one whose mean is nearest to T's is taken: another criterion than the
   * distance, and with one image a class mostly the choice that herding makes.
   */
  mfc: {
    title: "real images that cover the class with the least radius",
    options: {
      slack: number(
        0,
        0,
        undefined,
        "share by which a covering's radius may exceed the least, for a mean nearer to the class's",
      ),
      encoder: encoderOption,
    },
    citation: work(
      "T. Chen and R. Selvan",
      2025,
      "Is adversarial training with compressed datasets effective?",
      "Image Analysis",
    ),
    select:
      ({ slack }) =>
      (points, d, count, _key, { signal }, onFound) =>
        coveringCentres(points, d, count, { slack: Number(slack), signal, onFound }),
    drawn: false,
  },
} satisfies Record<string, InitialisationRule>;

export type InitialisationName = keyof typeof initialisations;

/** Other words that people have for a rule. */
const synonyms: Readonly<Record<string, InitialisationName>> = { real: "random", representative: "kmeans" };

/** The initialisations as a registry. */
export const initialisationRegistry = registry<Readonly<Record<InitialisationName, InitialisationRule>>>(
  "initialisation",
  initialisations,
);

/** The initialisation a declaration or a setting names. @throws AttarError "unknown-initialisation" */
export function initialisationNamed(name: string): InitialisationRule {
  if (initialisationRegistry.has(name)) return initialisationRegistry.named(name);
  throw unknownName("initialisation", name, initialisationRegistry.names, {
    sentence: () => `unknown initialisation "${name}"`,
    hint(_, known) {
      const near = nearest(name, [...known, ...Object.keys(synonyms)]);
      const meant = near && (synonyms[near] ?? near);
      return meant ? `did you mean "${meant}"?` : `use one of ${known.join(", ")}`;
    },
  });
}

/** The names of coreset rules: initialisations that choose real images. */
export const coresetRules: readonly InitialisationName[] = initialisationRegistry.names.filter(
  (name) => initialisationNamed(name).select,
);

/** Tells whether a coreset rule draws at random: what it is worth is a mean over draws, not the luck of one. */
export const isDrawn = (rule: string): boolean => initialisationRegistry.has(rule) && initialisationNamed(rule).drawn;

/** A coreset rule once its options are known. */
interface Chooser {
  readonly select: Selection;
  readonly blind: boolean;
  /** Every option of it. */
  readonly options: OptionValues;
}

/** Every option of an initialisation, with defaults. @throws AttarError "unknown-initialisation", "bad-option" */
export const optionsOf = (name: string, options: OptionValues = {}): OptionValues =>
  resolveOptions(name, initialisationNamed(name).options, options);

/** The selection of a coreset rule, with its options. @throws AttarError "unknown-method", "bad-option" */
export function selectionNamed(rule: string, options: OptionValues = {}): Chooser {
  const known = initialisationRegistry.has(rule) ? initialisationNamed(rule) : undefined;
  if (!known?.select)
    throw unknownName("selection rule", rule, coresetRules, {
      code: "unknown-method",
      sentence: (name) => `there is no selection rule "${name}"`,
      hint: (_, names) => `use one of ${names.join(", ")}`,
    });
  const values = resolveOptions(rule, known.options, options);
  return { select: known.select(values), blind: known.blind ?? false, options: values };
}
