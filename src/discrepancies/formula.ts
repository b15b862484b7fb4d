import type { Cited, OptionRules } from "../engine/index.ts";

/** The words of a formula, which both its faces share. */
export interface Formula extends Cited {
  /** One line for tables. */
  readonly title: string;
  /** The formula in the paper's notation. */
  readonly formula: string;
  /** Section and equation of the paper. */
  readonly reference: string;
  /** The options of the formula itself, which both its faces take; each face adds those of its computation. */
  readonly options: OptionRules;
}
