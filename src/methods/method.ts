/**
 * The contract of a method: a JSON-serialisable record that names its point on the four axes. No functions, no arrays,
 * no randomness at import. Loops read traits of the named parts, never the method's name.
 */

/** A part by name and options, found again in its room's index. */
export interface Part {
  readonly name: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

export interface Citation {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly venue: string;
}

/** Hyperparameters that a preset fixes and `--set` overrides, by path. */
export interface Hyperparameters {
  /** Outer steps: updates of the synthetic set. */
  readonly steps: number;
  /** Real images drawn per class and step. */
  readonly realBatch: number;
  /** Learning rate of the synthetic images. */
  readonly imageLearningRate: number;
  /** Momentum of the synthetic images' SGD. */
  readonly imageMomentum: number;
}

export interface Method {
  /** The field's acronym in lower case, e.g. "dm". */
  readonly name: string;
  readonly title: string;
  readonly citation: Citation;
  /** The objective as a formula, in the notation of the paper. */
  readonly objective: string;
  /** Where in the paper: section and equation. */
  readonly reference: string;
  /** Shape of computation: which loop in src/condense runs it. */
  readonly loop: "match" | "select";
  /** Axis 1: how far apart two views are (src/discrepancies). */
  readonly discrepancy: Part;
  /** Axis 2: what is compared (src/views). */
  readonly view: Part;
  /** Axis 2b: where S lives, how it starts (src/synthetic). */
  readonly synthetic: Part;
  readonly initialisation: Part;
  /** Axis 3: the source of h (src/hypotheses). */
  readonly hypotheses: Part;
  /** Axis 4 (src/tricks). */
  readonly tricks: readonly Part[];
  readonly presets: { readonly [preset in "laptop" | "paper"]: Hyperparameters };
  /** Where it knowingly differs from the authors' code; empty is a claim. */
  readonly departures: readonly string[];
}
