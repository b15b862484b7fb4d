import type { OptionRules, OptionValues, Resolved, Tensor } from "../engine/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import type { Formula } from "./formula.ts";
import type { Compared, TracedFace } from "./traced.ts";

/** One side of a comparison: the empirical measure Σ_i w_i δ_(x_i, y_i) of a labelled set. */
export interface EmpiricalMeasure {
  /** The words that a person typed for it, e.g. "mnist:train"; errors name it. */
  readonly name: string;
  /** float32: images [n, C, H, W] in the training normalisation, or points [n, d] after an encoder. */
  readonly points: Tensor;
  /** Class of every point, in 0..classes.length − 1. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Weight of every point, non-negative, sum 1; 1/n each when left out. */
  readonly weights?: Float64Array;
}

/** A distance between two measures as it was computed. */
export interface Estimate {
  readonly value: number;
  /**
   * Standard error of the value as an estimate of the distance named: 0 where it is computed exactly, NaN (null in JSON) where it
   * is not known. Of a bound it is the error of sampling alone, NaN where nothing is sampled.
   */
  readonly stderr: number;
  /** Present where the value bounds the distance named from one side, as a search for a supremum does from below. */
  readonly bound?: "lower" | "upper";
  /**
   * The way in which it was computed, for the table's last column: "exact", "unbiased, blocks of 2,048", "500 of 60,000
   * points, 8 draws" …
   */
  readonly estimator: string;
}

/** The circumstances that a discrepancy may ask for beside the two measures and its options. */
export interface MeasureContext {
  /** Root of all its randomness. */
  readonly seed: number;
  /** Architecture of the hypotheses, where it needs any; defaults to the field's ConvNet. */
  readonly network: NetworkSpec;
  readonly signal?: AbortSignal;
}

/** A formula as it is measured: a number for two sets of samples, with its error. */
export interface MeasuredFace<O extends OptionRules = OptionRules> {
  /** True where labels enter, so that permuting them changes the value. */
  readonly labelAware: boolean;
  /** True where it compares one class with one class; absent, exactly those that ignore labels do. */
  readonly classWise?: boolean;
  /** True where it reads images ([n, C, H, W]) only, as networks with convolutions do; else flat points are enough. */
  readonly needsImages: boolean;
  /** The options of the formula and those of its estimation. */
  readonly options: O;
  /**
   * The distance between two sound measures of one point shape; `options` are resolved.
   *
   * @throws AttarError (exit code 2) for input it cannot compare.
   */
  measure(a: EmpiricalMeasure, b: EmpiricalMeasure, options: Resolved<O>, context: MeasureContext): Promise<Estimate>;
}

/**
 * A formula for how far apart two sets are, with its two faces: measured, as `attar measure` prints it, and traced, as a loop
 * minimises it. A formula without a measured face says why.
 */
export type Discrepancy<C extends Compared = Compared> = Formula &
  (
    | { readonly traced: TracedFace<C>; readonly measured: MeasuredFace; readonly unmeasured?: undefined }
    | { readonly traced: TracedFace<C>; readonly measured?: undefined; readonly unmeasured: string }
    | { readonly traced?: undefined; readonly measured: MeasuredFace; readonly unmeasured?: undefined }
  );

/** A discrepancy by its measured face, with its name: a lower-case word with hyphens, e.g. "mmd-laplacian". */
export interface Measurable extends Formula, Omit<MeasuredFace, "measure"> {
  readonly name: string;
  /** Every option, given or default. @throws AttarError "unknown-option" or "invalid-option" */
  resolve(given: OptionValues): OptionValues;
  /**
   * The distance between two non-empty measures of one point shape.
   *
   * @param options values of its options; those left out have their defaults.
   * @throws AttarError (exit code 2) for input it cannot compare.
   */
  measure(a: EmpiricalMeasure, b: EmpiricalMeasure, context: MeasureContext, options?: OptionValues): Promise<Estimate>;
}

/** The measured face of a formula: the options that its estimation adds, after those of the formula, `shared`. */
export function measured<const O extends OptionRules, const F extends OptionRules = Record<never, never>>(
  face: Omit<MeasuredFace<F & O>, "options"> & { readonly options: O },
  shared?: F,
): MeasuredFace<F & O> {
  return { ...face, options: { ...shared, ...face.options } as F & O };
}
