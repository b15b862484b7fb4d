import type { CriteriaOf, DistanceName, DistancesOf } from "../discrepancies/index.ts";
import type { Citation, OptionValues } from "../engine/index.ts";
import type { SolversOf, SourceName } from "../hypotheses/index.ts";
import type { AuthorsRow, LaptopRow } from "../recipes/row.ts";
import type { InitialisationName, SpaceName } from "../synthetic/index.ts";
import type { TrickName } from "../tricks/index.ts";
import type { View, ViewName, views } from "../views/index.ts";

/**
 * The contract of a method: a JSON-serialisable record that names its point on the four axes. No functions, no arrays of
 * numbers, no randomness at import. Loops read traits of the named parts, never the method's name.
 */

/** A part by name and options, found again in its room's index; options left out have the part's defaults. */
export interface Part<N extends string = string> {
  readonly name: N;
  readonly options?: OptionValues;
}

export type { Citation };

type YieldsOf<V extends ViewName> = (typeof views)[V] extends View<infer Y> ? Y : never;

/** A view with a distance that compares what it yields: any other pair does not compile. */
type Pair = {
  [V in ViewName]: {
    readonly view: Part<V>;
    readonly discrepancy: Part<
      YieldsOf<V> extends "gradient" ? DistancesOf<"gradients"> : DistancesOf<"means" | "rows">
    >;
  };
}[ViewName];

/** One summand of the objective: D(view(S), view(T)). */
export type Term = Pair & {
  /** 1 where left out; `--set weights.<view>=…` changes it. */
  readonly weight?: number;
  /** A sum over classes, each compared alone (default), or one comparison of the whole sets. */
  readonly over?: "class" | "set";
  /** Counts always (default), only in the warm-up, or only after it; see `warmup` of the hyperparameters. */
  readonly phase?: "always" | "warmup" | "main";
};

/** The objective of matching: S moves so that views of it agree with views of T, summed over the terms (axes 1 and 2). */
export interface Match {
  readonly match: readonly Term[];
}

/**
 * The objective of solving: S moves so that what is trained on it, h*_S, is good. The solver finds h*_S and differentiates it
 * (src/hypotheses/solvers), the criterion reads it and holds the reading against a value (src/discrepancies/solved). A criterion
 * that reads what the solver does not yield does not compile.
 */
export type Solve =
  | {
      readonly solve: Part<SolversOf<"network">>;
      readonly criterion: Part<CriteriaOf<"outputs" | "parameters">>;
    }
  | { readonly solve: Part<SolversOf<"predictor">>; readonly criterion: Part<CriteriaOf<"outputs">> };

/** No objective: S is its initialisation, as a coreset is. */
export interface None {
  readonly none: true;
}

export type Objective = Match | Solve | None;

/** A method; `O` is the kind of its objective, any of them where left out. */
export interface Method<O extends Objective = Objective> {
  /** The field's acronym in lower case, e.g. "dm". */
  readonly name: string;
  /** The row of Table 4 of the paper, 1 to 37 (table4.ts); left out for methods beside the paper. */
  readonly row?: number;
  readonly title: string;
  readonly citation: Citation;
  /** The objective in the notation of the paper. */
  readonly formula: string;
  /** The place in the paper: section and equation. */
  readonly reference: string;
  /** The points in which it knowingly differs from the authors' code; an empty list claims that there are none. */
  readonly departures: readonly string[];
  readonly objective: O;
  /** Axis 2b: where S lives (src/synthetic), and what it starts as. */
  readonly synthetic: Part<SpaceName>;
  readonly initialisation: Part<InitialisationName>;
  /** What views look at (src/condense/seenOptions.ts): samples, or their codes under an encoder. Samples where left out. */
  readonly seen?: OptionValues;
  /** The labels of S (src/synthetic/labels.ts); one-hot and fixed where left out. */
  readonly labels?: OptionValues;
  /** Axis 3: the source of h (src/hypotheses/sources). */
  readonly hypotheses: Part<SourceName>;
  /** The network of the hypotheses and its options, beside which recipes set "network.…"; the ConvNet where left out. */
  readonly network?: Part;
  /** Options in which the network that S is scored on differs from `network`, as in the authors' evaluation. */
  readonly scoring?: OptionValues;
  /** Augmentation of S and T in the objective: "none", "siamese", "composite", or with operators "composite:color_crop_cutout". */
  readonly augmentation: string;
  /** Axis 4: what else is added (src/tricks). */
  readonly tricks: readonly Part<TrickName>[];
  /** The update of S; by default SGD, once a step for all classes. */
  readonly update?: OptionValues;
  /** Privacy (src/privacy/options.ts): T is read in noised sums only. None where left out, and `--set privacy.…` adds it to any. */
  readonly privacy?: OptionValues;
  /** Hyperparameters for some minutes on two cores, of ours; the nearest row serves a run. The authors' where left out. */
  readonly laptop?: readonly LaptopRow[];
  /** The authors' own hyperparameters: a run has the row that applies to it, or none. */
  readonly recipe: readonly AuthorsRow[];
}

export type MatchMethod = Method<Match>;
export type BilevelMethod = Method<Solve>;
export type CoresetMethod = Method<None>;

/** Tells whether S moves so that views of it agree with views of T. */
export const isMatch = (method: Method): method is MatchMethod => "match" in method.objective;

/** Tells whether S moves so that what is trained on it is good. */
export const isBilevel = (method: Method): method is BilevelMethod => "solve" in method.objective;

/** Tells whether S is its initialisation and never moves. */
export const isCoreset = (method: Method): method is CoresetMethod => "none" in method.objective;

export type { DistanceName };
