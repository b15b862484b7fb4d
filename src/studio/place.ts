import type { CondenseOptions } from "../condense/index.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import type { ForeignDecoder } from "../data/images/decoder.ts";
import type { Runtime } from "../engine/index.ts";
import type { Method } from "../methods/index.ts";
import type { About, Asked, Kept, KeptRun, StudyFacts } from "./contract.ts";

/** A run as it is computed: its name, and all that makes it. */
export interface PlacedRun {
  readonly id: string;
  readonly asked: Asked;
  readonly dataset: Dataset;
  readonly method: Method;
  readonly options: CondenseOptions;
}

/** Who watches a run. */
export interface Watching {
  readonly runtime: Runtime;
  readonly signal: AbortSignal;
  /** Called where the run begins, or goes on. */
  readonly onStart: (step: number) => void;
  readonly onStep: (step: number, loss: number, seconds: number) => void;
  /** Called with the set, some times a second, and at the end. */
  readonly onSet: (set: CondensedSet, step: number) => void;
}

/** The place where an engine is: what it can open by name there, and where runs are kept. */
export interface Place {
  readonly engine: About["engine"];
  /** Names of datasets that {@link load} takes. */
  datasets(): Promise<readonly string[]>;
  load(name: string): Promise<Dataset>;
  /** Decodes images that are neither PNG nor BMP; the browser where left out. */
  readonly decode?: ForeignDecoder;
  /** Computes a run to its end, from where it was stopped if it was. */
  run(run: PlacedRun, watching: Watching): Promise<void>;
  /** What is kept here. */
  kept(): Promise<Kept>;
  /** A run that is kept. @throws AttarError "absent" */
  openRun(id: string): Promise<OpenedRun>;
  /** The rows of a study that are kept. @throws AttarError "absent", "bad-data" */
  study(id: string): Promise<StudyFacts>;
  /** The files of a run by their paths, for an archive of it. @throws AttarError "absent" */
  files(id: string): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** A run as it was kept. */
export interface OpenedRun {
  readonly facts: KeptRun;
  readonly asked: Asked;
  /** The checksum of its data. */
  readonly checksum?: string;
  readonly step: number;
  readonly losses: readonly (readonly [step: number, loss: number])[];
  /** The set of a finished run. */
  readonly set?: CondensedSet;
}

/** Milliseconds between two pictures of a run: five a second. */
export const frameEvery = 200;
