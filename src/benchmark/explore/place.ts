import type { Candidate } from "./candidates.node.ts";
import type { Refused } from "./draw.ts";
import { survivors } from "./halving.ts";

/** What a set came to. */
export interface Outcome {
  /** The main metric of every network that was trained on it. */
  readonly values: readonly number[];
  /** The mean over architectures of their means; undefined where one is missing. */
  readonly score?: number;
  readonly reason?: string;
  /** True where the run diverged: that is what it came to. */
  readonly diverged: boolean;
}

/** What a candidate came to in a rung. */
export interface Trial extends Outcome {
  readonly candidate: Candidate;
  readonly steps: number;
}

/** What a candidate came to at the end: a set a seed, each scored on the test split. */
export interface Final {
  readonly candidate: Candidate;
  readonly steps: number;
  readonly sets: readonly Outcome[];
}

export interface RungTrials {
  readonly rung: number;
  /** True where every trial has come to its end. */
  readonly ended: boolean;
  readonly trials: readonly Trial[];
}

/** What is known of an exploration on a dataset at a size. */
export interface Place {
  readonly dataset: string;
  readonly ipc: number;
  readonly metric: "accuracy" | "r2";
  readonly eta: number;
  readonly candidates: readonly Candidate[];
  /** Combinations and methods that cannot be. */
  readonly refused: readonly Refused[];
  /** Candidates that were left out by what their steps cost, or could not be timed. */
  readonly leftOut: readonly Refused[];
  /** Candidates of every rung; none as long as they are timed. */
  readonly sizes: readonly number[];
  readonly rungs: readonly RungTrials[];
  /** The best of the last rung, the best combination and the best method of the study, where there are such. */
  readonly best?: Trial;
  readonly found?: Trial;
  readonly published?: Trial;
  /** The final scores of `found` and `published`: the only ones on the test split, after every choice. */
  readonly finals: readonly Final[];
  readonly ended: boolean;
}

/** The protocol's name in cells and rows of candidates. */
export const heldOutProtocol = "held-out";

/** The trial that went farthest, and there came to the best score. */
export function farthest(rungs: readonly RungTrials[], is: (candidate: Candidate) => boolean): Trial | undefined {
  for (const { trials } of [...rungs].reverse()) {
    const own = trials.filter(({ candidate, score }) => score !== undefined && is(candidate));
    const [best] = survivors(
      own.map(({ score }) => score),
      1,
    );
    if (best !== undefined) return own[best];
  }
  return undefined;
}
