import type { ArtefactStore } from "../artefacts/index.ts";
import type { CondenseOptions } from "../condense/index.ts";
import type { Runtime } from "../engine/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import type { Method } from "../methods/index.ts";
import type { Advice, Trial } from "./advice.ts";
import type { Plan } from "./plan.ts";

export interface AdviseOptions {
  /** Wall-clock seconds for all of it, from the call on; 300 where left out. */
  readonly seconds?: number;
  /** Methods beside random and k-means subsets; where left out, those that go far in little time on such samples. */
  readonly methods?: readonly Method[];
  /** Images per class; 1, 10 and 50 where left out, as far as the smallest class goes. */
  readonly sizes?: readonly number[];
  /** The network that sets are scored with and that methods look through; that of the domain where left out. */
  readonly network?: NetworkSpec;
  /** Epochs, and networks a set, of the scoring; chosen for the time where left out. */
  readonly epochs?: number;
  readonly networks?: number;
  /** What a smaller set may lose against the best one; 0.02 where left out. */
  readonly margin?: number;
  /** The share of every class that is held out of the training split, at most 2,000 samples; 0.2 where left out. */
  readonly validationShare?: number;
  /** Root of all randomness; 0 where left out. */
  readonly seed?: number;
  /** Options of a method's runs, e.g. the record of one that was read from a file. */
  readonly condense?: (method: Method) => CondenseOptions;
  readonly artefacts?: ArtefactStore;
  /** An earlier advice, whose trials count where its question is the same. */
  readonly earlier?: Advice;
  readonly runtime?: Runtime;
  /** Stops the trial under way; the advice is of what there is. */
  readonly signal?: AbortSignal;
  /** Is told what is under way: "timing", "all training data", or a method and its size. */
  readonly onProgress?: (what: string, done: number, total: number) => void;
  /** Is told what was chosen for the budget, and handed the trials that there are already. */
  readonly onPlan?: (plan: Plan, advice: Advice) => void;
  /** Is handed the advice so far after every trial, and awaited. */
  readonly onTrial?: (trial: Trial, advice: Advice) => unknown;
}
