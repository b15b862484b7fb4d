import type { Injectivity, Reconstruction, Surjectivity } from "../views/pushForward/index.ts";

/** A distance as it was computed, and how long that took. */
export interface Value {
  readonly value: number;
  /** NaN, null in JSON, where it is not known. */
  readonly stderr: number;
  readonly estimator: string;
  /** Present where the value bounds the distance from one side. */
  readonly bound?: "lower" | "upper";
  readonly seconds: number;
}

/** One side of an inequality of the theory against the other, on the measures at hand. */
export interface Bound {
  /** The inequality in words, for example "GD <= 2·D". */
  readonly inequality: string;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
  /**
   * "construction": both sides come from the same numbers, and only an error of the computation breaks it. "theorem": sides
   * computed apart, constants known beforehand. "held-out": a constant estimated on draws that neither side has seen.
   */
  readonly basis: "construction" | "theorem" | "held-out";
}

/** A pair that was measured the same way, so that a person sees whether a distance is small. */
export interface Reference {
  /** "another sample of A", or "A with noise 0.5". */
  readonly name: string;
  /** Standard deviation of the noise; 0 for another sample of A. */
  readonly noise: number;
  readonly values: Readonly<Record<string, Value>>;
}

/** Push-forward (§4): which case, through which encoder, and how far that is from a bijection on the data. */
export interface PushForward {
  readonly encoder: string;
  readonly description: string;
  readonly dimension: number;
  /** 1: both through g_e. 2: one side, given in latent space, through g_d. 3: the other side through g_e. */
  readonly case: 1 | 2 | 3;
  /** The injectivity of g_e on A and B together where both are images, on the one that is otherwise. */
  readonly injectivity: Injectivity;
  /** The reconstruction by side, "a" and "b"; only of images, and only where the encoder has a decoder. */
  readonly reconstruction: Readonly<Partial<Record<"a" | "b", Reconstruction>>>;
  /** The surjectivity of g_e onto the codes given, in cases 2 and 3. */
  readonly surjectivity?: Surjectivity;
}

/** The findings of `measure`. JSON-serialisable; the keys are stable. */
export interface Measurement {
  readonly a: string;
  readonly b: string;
  /** True where `values` have `classes`. */
  readonly perClass: boolean;
  /** The values by name of the discrepancy: the distance of the whole sets, and of each class by its name. */
  readonly values: Readonly<Record<string, Value & { readonly classes?: Readonly<Record<string, Value>> }>>;
  /** Inequalities of the paper's hierarchy (§3). */
  readonly bounds: readonly Bound[];
  /** Discrepancies that do not apply to these sets, and why; only where all were asked for. */
  readonly skipped: Readonly<Record<string, string>>;
  /** Discrepancies that failed, and why. */
  readonly failed: Readonly<Record<string, string>>;
  readonly references: readonly Reference[];
  readonly pushForward?: PushForward;
  /** True where it was stopped: what is here had been computed by then. */
  readonly interrupted: boolean;
}
