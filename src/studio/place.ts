import type { CondenseOptions } from "../condense/index.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import type { Runtime } from "../engine/index.ts";
import type { Method } from "../methods/index.ts";
import type { About } from "./contract.ts";

/** A run as it is computed: its name, and all that makes it. */
export interface PlacedRun {
  readonly id: string;
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
  /** Computes a run to its end, from where it was stopped if it was. */
  run(run: PlacedRun, watching: Watching): Promise<void>;
}

/** Milliseconds between two pictures of a run: five a second. */
export const frameEvery = 200;
