import type { MethodAxis } from "../condense/index.ts";
import type { OptionSchema, OptionValue } from "../engine/index.ts";

/** Pictures of samples: bytes from black to white, [count, channels, height, width], 1 or 3 channels. */
export interface Images {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
  /** The class of each. */
  readonly labels: readonly number[];
}

/** What a page may know of the engine before anything is asked of it. */
export interface About {
  readonly engine: "in this page" | "on this machine";
  readonly threads: number;
  /** What computes, as run records name it. */
  readonly executor: string;
  /** Names of datasets that can be opened. */
  readonly datasets: readonly string[];
}

/** A dataset that the engine can open by itself, or files that a person chose. */
export type DatasetSource =
  | { readonly known: string }
  | {
      readonly name: string;
      readonly files: readonly { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
      /** The size that images are brought to, as `--size` takes it; that of the files where left out. */
      readonly size?: string;
    };

/** A dataset that is open. */
export interface DatasetFacts {
  /** The engine's name for it, in later calls. */
  readonly id: string;
  readonly name: string;
  readonly classes: readonly string[];
  /** Samples by class. */
  readonly counts: { readonly train: readonly number[]; readonly test: readonly number[] };
  readonly shape: readonly [channels: number, height: number, width: number];
  /** What was guessed as it was read, a sentence each. */
  readonly notes: readonly string[];
  /** How a drawing becomes a sample; left out where samples are no drawn digits. */
  readonly drawn?: "digits" | "mnist";
}

/** A method as a list shows it. */
export interface MethodFacts {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly formula: string;
  readonly departures: readonly string[];
}

/** A run that is asked for: the words of `attar condense`. */
export interface Asked {
  readonly dataset: string;
  readonly method: string;
  readonly ipc: number;
  readonly seed: number;
  /** The preset's where left out. */
  readonly steps?: number;
  /** A network as the command line writes it; the usual one of the data where left out. */
  readonly network?: string;
  /** Options of parts by path, as `--set` takes them. */
  readonly settings: Readonly<Record<string, OptionValue>>;
  /** Parts that stand in for the method's own, by slot: "discrepancy", "view"; of tricks several names, joined by commas. */
  readonly parts?: Readonly<Record<string, string>>;
}

/** An option of a part, with the value that it comes to. */
export interface Field {
  readonly path: string;
  readonly name: string;
  readonly schema: OptionSchema;
  readonly value: OptionValue;
}

/** A part that may stand in for another; with the problem that it makes, where it cannot. */
export interface Alternative {
  readonly name: string;
  readonly title: string;
  readonly problem?: string;
}

/** A part that a run is made of. */
export interface PartFacts {
  /** The slot that another can take, where it can be exchanged. */
  readonly slot?: string;
  readonly noun: string;
  readonly name: string;
  readonly title: string;
  readonly fields: readonly Field[];
}

/** One sentence on what is wrong, and what to do. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
}

/** A run that the engine knows, and where it stands. */
export interface RunFacts {
  readonly id: string;
  readonly asked: Asked;
  readonly dataset: DatasetFacts;
  readonly step: number;
  readonly steps: number;
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly losses: readonly (readonly [step: number, loss: number])[];
  /** Its set as it is; left out before the first. */
  readonly images?: Images;
}

/** What is asked for, with everything that was left out filled in; or why it cannot be. */
export type Resolved =
  | {
      readonly ok: true;
      readonly steps: number;
      readonly realBatch: number;
      readonly network: string;
      /** The parts on each of the four axes. */
      readonly axes: readonly { readonly axis: MethodAxis; readonly parts: readonly PartFacts[] }[];
      /** The command that makes the same run; with parts exchanged, on the file of `record`. */
      readonly command: string;
      /** The method's record, where parts are exchanged: the content of a method file. */
      readonly record?: string;
      readonly cost: { readonly operations: number; readonly bytes: number };
    }
  | { readonly ok: false; readonly problem: Problem };

/** The subject of a score: the set itself, subsets of its size, or all of T. */
export type ScoreSubject = "set" | "random" | "kmeans" | "full";

/** The probability that each network gives each class of one sample. */
export interface Guess {
  readonly subject: ScoreSubject;
  /** By class; of networks on labels that are values, their outputs. */
  readonly probabilities: readonly number[];
}

/** A guess with the sample that networks saw. */
export interface Answer {
  readonly seen: Images;
  readonly guesses: readonly Guess[];
}

/** A distance between S and T with what it is held against: the distances of other samples of T, as many as S has, where there are any. */
export interface Distance {
  readonly name: string;
  readonly value: number;
  /** The least and the largest of these. */
  readonly reference?: readonly [least: number, most: number];
}

/**
 * T seen along its two directions of largest variance, fitted once, so that only S moves. A picture's place is what its bytes, a share of 255
 * each and less the mean, come to with either direction.
 */
export interface Projection {
  /** [2, channels · height · width]. */
  readonly directions: Float32Array;
  readonly mean: Float32Array;
  /** The share of T's variance along each direction. */
  readonly shares: readonly number[];
  /** Samples of T: [n, 2]. */
  readonly points: Float32Array;
  /** The class of each. */
  readonly labels: readonly number[];
}

/** The sample of T that is nearest to an image of S, and their distance in the training normalisation. */
export interface Nearest {
  readonly images: Images;
  readonly distance: number;
}

/** A run that is kept in the folder of runs, by whoever made it. */
export interface KeptRun {
  readonly id: string;
  readonly dataset: string;
  readonly method: string;
  readonly ipc: number;
  readonly seed: number;
  readonly steps: number;
  readonly finished: boolean;
}

/** A study's rows that are kept beside the runs: the mean accuracy of each cell. */
export interface StudyFacts {
  readonly id: string;
  readonly metric: string;
  /** Datasets with their images a class. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly method: string; readonly values: readonly (StudyCell | undefined)[] }[];
}

export interface StudyCell {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

/** Everything of the folder of runs that a page can look at. */
export interface Kept {
  readonly runs: readonly KeptRun[];
  /** Files of rows, by the names that {@link Engine.study} takes. */
  readonly studies: readonly string[];
  /** Written reports, by the names under which the server gives them. */
  readonly reports: readonly string[];
  /** Bytes that the runs take and may take, where the place has a limit. */
  readonly storage?: { readonly used: number; readonly quota: number; readonly persistent: boolean };
}

/** What happens, in order. */
export type StudioEvent =
  | { readonly type: "run.started"; readonly run: string; readonly step: number; readonly steps: number }
  | {
      readonly type: "step";
      readonly run: string;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      /** Since the run began or was resumed. */
      readonly seconds: number;
    }
  | { readonly type: "frame"; readonly run: string; readonly step: number; readonly images: Images }
  | {
      /** Distances of the set from T as it is made, where they are followed. */
      readonly type: "reading";
      readonly run: string;
      readonly step: number;
      readonly distances: readonly Distance[];
    }
  | {
      readonly type: "run.ended";
      readonly run: string;
      readonly step: number;
      readonly outcome: "done" | "stopped" | "failed";
      readonly problem?: Problem;
    }
  | {
      readonly type: "training";
      readonly run: string;
      readonly subject: ScoreSubject;
      readonly network: number;
      readonly epoch: number;
      readonly epochs: number;
    }
  | {
      readonly type: "score";
      readonly run: string;
      readonly subject: ScoreSubject;
      /** The share of the test split that each network classifies correctly. */
      readonly accuracies: readonly number[];
    }
  | { readonly type: "scores.ended"; readonly run: string; readonly seconds: number; readonly problem?: Problem };

/** Files of a finished run that leave the page. */
export type ExportKind = "safetensors" | "npz" | "png" | "images" | "zip";

/**
 * Everything that the page asks of an engine, wherever it computes: in a worker of the page, or in a process of the machine that serves it. Calls
 * reject with a {@link Problem}.
 */
export interface Engine {
  about(): Promise<About>;
  methods(): Promise<readonly MethodFacts[]>;
  open(source: DatasetSource): Promise<DatasetFacts>;
  /** The first samples of each class, `each` of them. */
  samples(dataset: string, split: "train" | "test", each: number): Promise<Images>;
  resolve(asked: Asked): Promise<Resolved>;
  /** The parts that may take a slot of what is asked for, each tried. */
  alternatives(asked: Asked, slot: string): Promise<readonly Alternative[]>;
  /** Loads what a first step needs, ahead of it. */
  warm(): Promise<void>;
  /** Begins a run, the only one under way. @returns its name in later calls and in events */
  start(asked: Asked): Promise<string>;
  /** The newest run, for a page that comes back; left out where there is none. */
  newest(): Promise<RunFacts | undefined>;
  /** Ends the run under way after its step. */
  stop(run: string): Promise<void>;
  /** Goes on with a run that was stopped, to its end or for some steps. */
  resume(run: string, steps?: number): Promise<void>;
  /** Trains networks on the set as it is, and on subsets of its size. */
  score(run: string, subjects: readonly ScoreSubject[], networks: number, epochs: number): Promise<void>;
  /** Ends the training under way. */
  stopScoring(run: string): Promise<void>;
  /** What the networks that `score` trained say of a drawing: ink [side, side] from 0 to 1. */
  guessDrawing(run: string, ink: Float32Array, side: number): Promise<Answer>;
  /** The same of a test sample. */
  guessSample(run: string, index: number): Promise<Answer & { readonly label: number }>;
  /** The same of a picture of the data's size. */
  guessPicture(run: string, picture: Images): Promise<Answer>;
  distances(run: string): Promise<readonly Distance[]>;
  /** Tells distances by events while a run is under way, or no longer. */
  follow(run: string, on: boolean): Promise<void>;
  project(dataset: string): Promise<Projection>;
  /** The nearest sample of T to an image of the newest set. */
  nearest(run: string, image: number): Promise<Nearest>;
  /** What is kept where runs are. */
  kept(): Promise<Kept>;
  /** Opens a run that is kept; its data is opened with it where it is known by name. */
  openRun(id: string): Promise<RunFacts>;
  study(id: string): Promise<StudyFacts>;
  exported(run: string, kind: ExportKind): Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
  /** @returns the end of listening */
  listen(listener: (event: StudioEvent) => void): () => void;
}
