import type { CondensedSet, Dataset } from "../data/browser.ts";
import type { TrainedNetwork } from "../evaluate/index.ts";
import type { Asked, RunFacts, ScoreSubject } from "./contract.ts";
import type { Bands } from "./distancesOf.ts";
import { datasetFacts } from "./facts.ts";
import { imagesOfSet } from "./images.ts";

/** A run as the engine keeps it. */
export interface Run {
  readonly id: string;
  readonly asked: Asked;
  readonly dataset: Dataset;
  readonly steps: number;
  step: number;
  state: RunFacts["state"];
  losses: (readonly [number, number])[];
  set?: CondensedSet;
  /** Present while it is under way. */
  abort?: AbortController;
  /** Present while networks are trained on its set. */
  scoring?: AbortController;
  /** Distances are told of while it is under way. */
  followed?: boolean;
  /** Present while distances are measured. */
  reading?: Promise<void>;
  /** Distances of samples of T that a set of its size is held against. */
  bands?: Bands;
  readonly trained: Map<ScoreSubject, TrainedNetwork>;
}

/** A run that begins. */
export const newRun = (made: Pick<Run, "id" | "asked" | "dataset" | "steps">): Run => ({
  ...made,
  step: 0,
  state: "running",
  losses: [],
  trained: new Map(),
});

/** What a page shows of a run. */
export function factsOfRun({ id, asked, dataset, step, steps, state, losses, set }: Run): RunFacts {
  const facts = datasetFacts(asked.dataset, dataset);
  return { id, asked, dataset: facts, step, steps, state, losses, ...(set && { images: imagesOfSet(set) }) };
}
