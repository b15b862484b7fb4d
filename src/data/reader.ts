import { AttarError } from "../engine/errors.ts";
import type { RandomKey } from "../engine/random.ts";
import type { Stateful } from "../engine/stateful.ts";
import { size, Tensor } from "../engine/tensor.ts";
import { byClass } from "./byClass.ts";
import type { Dataset } from "./dataset.ts";
import { normaliseBatch } from "./normaliseBatch.ts";
import { type Samples, samplesOf, valuesOf } from "./samples.ts";

export type { Samples } from "./samples.ts";

/** The public facts of a dataset: all but its samples. */
export type DatasetFacts = Omit<Dataset, "train" | "test">;

/** Samples of some classes, class-major. */
export interface ClassChoice {
  readonly classes: readonly number[];
  /** Positions within each of them, equally many of all; every sample where left out. */
  readonly positions?: readonly ArrayLike<number>[];
  /** Changes the samples of a class, e.g. augments them: `g` is its place among the classes, `into` takes the result. */
  readonly change?: (images: Float32Array, g: number, into: Float32Array) => void;
  /** The storage that the samples go to, of exactly their size; nobody reads what it held. New storage where left out. */
  readonly storage?: Float32Array;
}

/** Samples of all classes together, drawn without repetition while there are as many. */
export interface RandomChoice {
  readonly count: number;
  readonly key: RandomKey;
}

/** Samples by their positions in the training split, in that order; all of them where left out. */
export interface RowChoice {
  readonly rows?: ArrayLike<number>;
}

/**
 * Samples of some classes, class-major, that the reader draws itself: those of a numbered draw, the same whenever it is asked
 * for. Readers that account for privacy have draws.
 */
export interface NumberedChoice {
  readonly classes: readonly number[];
  readonly draw: number;
  readonly change?: ClassChoice["change"];
}

export type Choice = ClassChoice | RandomChoice | RowChoice | NumberedChoice;

/** A part of every sample's summand: numbers that are added up class by class, or over all classes together. */
export interface SummandPart {
  readonly length: number;
  readonly over: "class" | "set";
}

/** The summands of a statistic, to be clipped one by one, and the way back from what became of their sums. */
export interface Summands<S> {
  /** The parts of a summand, in the order of its numbers. */
  parts(): Promise<readonly SummandPart[]>;
  /** Summands of samples in their order, some of them at a time one after the other. */
  rows(samples: Samples): AsyncIterable<Float32Array>;
  /**
   * The statistic of given means.
   *
   * @param means [classes, numbers of a summand]: of each class, and of all together where a part is over the set
   */
  from(means: Tensor): S | Promise<S>;
}

/** A sum over samples. What a privacy mechanism may do with it is said by its sensitivity and by whether its summands can be had. */
export interface Statistic<S> {
  readonly name: string;
  /** The largest Euclidean norm of a sample's summand; Infinity where there is no bound. */
  readonly sensitivity: number;
  /** Its summands; left out where samples have none, as where they are compared with one another. */
  readonly summands?: Summands<S>;
  /** The sum; or the samples themselves, where a program sums them up within it. */
  of(samples: Samples): Promise<S>;
}

/** Values of each sample. */
export interface SampleView<V> {
  readonly name: string;
  of(samples: Samples): Promise<V>;
}

/** Training on T. */
export interface Training<P> {
  readonly name: string;
  on(dataset: Dataset): Promise<P>;
}

/**
 * The one door to T: every read of training samples goes through one of its verbs, and says what it is for. A reader may
 * therefore refuse some, clip and noise sums, or show T perturbed.
 */
export interface RealReader {
  readonly facts: DatasetFacts;
  /** The number of training samples of each class. */
  readonly sizes: readonly number[];
  /** Parts of it that keep something between the steps of a run: an account of what was read. */
  readonly stateful?: readonly Stateful[];
  /** Gathers the samples of a choice that will be read. @param pause awaited after each class. */
  prepare(choice: Choice, pause: () => Promise<void>): Promise<void>;
  sum<S>(statistic: Statistic<S>, choice: Choice): Promise<S>;
  rows<V>(view: SampleView<V>, choice: Choice): Promise<V>;
  /** The samples themselves. @param purpose what they are for, e.g. "the initial images". */
  batch(purpose: string, choice: Choice): Promise<Samples>;
  fit<P>(training: Training<P>): Promise<P>;
}

/** The reader of a dataset's training split that lets everything through. */
export function readerOf(dataset: Dataset): RealReader {
  const { train, test: _, ...facts } = dataset;
  const members = byClass(train.labels, dataset.classes.length);
  const gathered = new WeakMap<Choice, Promise<Samples>>();
  const gather = async (choice: Choice, pause?: () => Promise<void>): Promise<Samples> => {
    if ("draw" in choice) throw new RangeError("a reader without a mechanism has no numbered draws");
    return "classes" in choice
      ? ofClasses(dataset, members, choice, pause)
      : samplesOf(dataset, "train", "count" in choice ? drawn(train.labels.length, choice) : choice.rows);
  };
  const chosen = (choice: Choice) => gathered.get(choice) ?? remembered(choice, gather(choice));
  const remembered = (choice: Choice, samples: Promise<Samples>) => {
    gathered.set(choice, samples);
    return samples;
  };
  return {
    facts,
    sizes: members.map((m) => m.length),
    async prepare(choice, pause) {
      await remembered(choice, gather(choice, pause));
    },
    sum: async (statistic, choice) => statistic.of(await chosen(choice)),
    rows: async (view, choice) => view.of(await chosen(choice)),
    batch: (_purpose, choice) => chosen(choice),
    fit: (training) => training.on(dataset),
  };
}

/** Positions within each class as positions in the training split, class by class. */
export function trainingPositions(dataset: Dataset, chosen: readonly ArrayLike<number>[]): number[] {
  const members = byClass(dataset.train.labels, dataset.classes.length);
  return chosen.flatMap((own, c) => Array.from(own, (i) => members[c]![i]!));
}

/**
 * A reader that refuses every read.
 *
 * @param hint what to do instead
 */
export function refusing({ facts, sizes }: RealReader, hint: string): RealReader {
  const refuse = (what: string) =>
    Promise.reject(
      new AttarError("refused-read", `${what} would be read of ${facts.name}, and this run may not read it`, hint),
    );
  return {
    facts,
    sizes,
    prepare: async () => {},
    sum: ({ name }) => refuse(`the sum of ${name}`),
    rows: ({ name }) => refuse(`the ${name} of single samples`),
    batch: (purpose) => refuse(`samples for ${purpose}`),
    fit: ({ name }) => refuse(`all samples, to train ${name},`),
  };
}

const drawn = (all: number, { count, key }: RandomChoice) => key.permutation(all, Math.min(count, all));

async function ofClasses(
  dataset: Dataset,
  members: readonly Uint32Array[],
  { classes, positions, change, storage }: ClassChoice,
  pause?: () => Promise<void>,
): Promise<Samples> {
  const pixels = size(dataset.shape);
  const counts = classes.map((c, g) => (positions?.[g] ?? members[c]!).length);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const images = storage ?? new Float32Array(total * pixels);
  const labels = new Int32Array(total);
  const gathered: number[] = [];
  let at = 0;
  for (const [g, c] of classes.entries()) {
    const own = images.subarray(at * pixels, (at + counts[g]!) * pixels);
    const all = members[c]!;
    const rows = positions ? Uint32Array.from(positions[g]!, (i) => all[i]!) : all;
    const seen = await normaliseBatch(dataset, "train", rows, change ? undefined : own);
    change?.(seen.data as Float32Array, g, own);
    labels.fill(c, at, at + counts[g]!);
    if (dataset.target) gathered.push(...rows);
    at += counts[g]!;
    await pause?.();
  }
  const shaped = new Tensor(images, [total, ...dataset.shape], "float32");
  return { images: shaped, labels, ...valuesOf(dataset, "train", gathered) };
}
