import type { OptionValues } from "../engine/index.ts";
import type { Term } from "../methods/method.ts";
import type { PrivacySettings } from "../privacy/index.ts";
import type { LabelValues } from "../synthetic/index.ts";
import type { SeenThrough } from "./seenOptions.ts";

/** A part with every option resolved. */
export interface ResolvedPart {
  readonly name: string;
  readonly options: OptionValues;
}

export interface ResolvedTerm {
  readonly view: ResolvedPart;
  readonly discrepancy: ResolvedPart;
  readonly weight: number;
  readonly over: NonNullable<Term["over"]>;
  readonly phase: NonNullable<Term["phase"]>;
}

export interface ResolvedParts {
  readonly terms: readonly ResolvedTerm[];
  readonly synthetic: ResolvedPart;
  readonly hypotheses: ResolvedPart;
  readonly update: OptionValues;
  readonly tricks: readonly ResolvedPart[];
  /** The initialisation with its options: of a coreset always, of other methods where an option is not its default. */
  readonly selection?: ResolvedPart;
  /** The solver and the criterion, where the objective solves. */
  readonly solver?: ResolvedPart;
  readonly criterion?: ResolvedPart;
  /** The labels, where S moves. */
  readonly labels?: LabelValues;
  readonly warmup: { readonly share: number; readonly steps: number };
  /** What S and T are seen through, where it is an encoder. */
  readonly seen?: SeenThrough;
  /** Privacy, where the run keeps some. */
  readonly privacy?: PrivacySettings;
}
