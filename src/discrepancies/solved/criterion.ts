import type { Cited, OptionRules, OptionValues, Serving, Tensor } from "../../engine/index.ts";
import type { Hypothesis, Learned, Params, PredictionLoss } from "../../hypotheses/index.ts";

/** The part of h*_S that a criterion reads: its outputs on T, or its parameters. */
export type Reads = "outputs" | "parameters";

/** A loss of outputs on T, a mean over its samples (generalization and value discrepancies, §5.1.1 and §5.1.2). */
export interface OutputsCriterion {
  /** Σ over samples; targets are one-hot, or the numbers to predict. */
  readonly loss: PredictionLoss;
  /** The numbers it learns, by name. */
  readonly learned: Readonly<Record<string, Learned>>;
  /** A term of the labels of S [M, K], and its gradient. */
  ofLabels?(labels: Tensor): { readonly loss: number; readonly gradient: Tensor };
}

/** A distance of parameters (§5.1.3). */
export interface ParametersCriterion {
  /** @param hypothesis where training on S started. */
  between(trained: Params, hypothesis: Hypothesis): { readonly loss: number; readonly gradient: Params };
}

/** The outer objective of a bilevel method: what of h*_S is read, and what it is held against. */
export interface CriterionKind<R extends Reads = Reads> extends Cited, Serving {
  readonly reads: R;
  readonly title: string;
  readonly formula: string;
  readonly reference: string;
  readonly options: OptionRules;
  /** True where it holds parameters against a target, which the source of hypotheses must give. */
  readonly needsTarget?: boolean;
  make(options: OptionValues): R extends "outputs" ? OutputsCriterion : ParametersCriterion;
}
