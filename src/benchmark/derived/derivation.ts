import type { ReadingSpec } from "../../evaluate/readings/index.ts";
import type { Numbers, Place } from "./numbers.ts";

/** A figure that follows from others: its value, or why there is none. */
export interface Derived {
  /** The value's name: the objective's own, or with more after a dot. */
  readonly metric: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly value: number | null;
  /** Why there is no value, or what to know of the one there is. */
  readonly reason?: string;
  /** The network's number, of figures of single networks. */
  readonly repeat?: number;
  /** Keys of the jobs that it follows from. */
  readonly keys?: readonly string[];
}

/** A protocol as far as figures hang on it. */
export interface TrainedUnder {
  readonly name: string;
  readonly augmentation?: string;
}

/** A reading that a study takes, by the name that its rows have. */
export interface TakenReading {
  readonly name: string;
  readonly reading: ReadingSpec;
}

/** What figures follow from beside rows: the circumstances of a study that its rows do not name. */
export interface Circumstances {
  readonly protocols: readonly TrainedUnder[];
  readonly readings: readonly TakenReading[];
  /** The network that a subject's sets of a dataset are condensed on, or why there is none. */
  condensedOn(
    place: Pick<Place, "subject" | "dataset" | "ipc">,
  ): { readonly network: string } | { readonly none: string };
  /** The number of images of a dataset's test split. */
  testImages(dataset: string): number | undefined;
  /** Seconds that readings of a network took, by reading, at a place. */
  readingSeconds(place: Place): Readonly<Record<string, number>> | undefined;
}

/** An objective whose figures are computed from others' rows. */
export interface Derivation {
  /** The name as a study writes it, before options. */
  readonly name: string;
  readonly title: string;
  /** Whether it is of a set under a protocol, all networks together, or of a set on a network under a protocol. */
  readonly of: "set" | "network";
  /** True where it says the main metric again, against a yardstick: nothing to draw the main metric against. */
  readonly restates: boolean;
  /** The options it takes, by name, each with what is meant where it is left out. */
  readonly options: Readonly<Record<string, string>>;
  /** The metrics of it, the chief one first: what rows say where there is no value at all. */
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** The figures at a place; its network is null where it is of sets. */
  figures(asked: Asked): readonly Derived[];
}

/** What a derivation is asked with. */
export interface Asked {
  /** The objective as the study writes it. */
  readonly objective: string;
  readonly options: Readonly<Record<string, string>>;
  readonly place: Place;
  readonly numbers: Numbers;
  readonly circumstances: Circumstances;
}
