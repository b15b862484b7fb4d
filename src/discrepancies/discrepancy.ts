import type { Tensor } from "../engine/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";

/** One side of a comparison: the empirical measure Σ_i w_i δ_(x_i, y_i) of a labelled set. */
export interface EmpiricalMeasure {
  /** What a person typed for it, e.g. "mnist:train"; errors name it. */
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
  /** How it was computed, for the table's last column: "exact", "unbiased, blocks of 2,048", "500 of 60,000 points, 8 draws" … */
  readonly estimator: string;
}

/** What a discrepancy may ask for beside the two measures. */
export interface MeasureContext {
  /** Root of all its randomness. */
  readonly seed: number;
  /** Architecture of the hypotheses, where it needs any; defaults to the field's ConvNet. */
  readonly network: NetworkSpec;
  /** Values of its settings; every one it declares is present. */
  readonly settings: Readonly<Record<string, number>>;
  readonly signal?: AbortSignal;
}

/** A number a person may set, e.g. `--set wasserstein.p=1`. */
export interface Setting {
  readonly default: number;
  /** What it is, with its unit or range, for tables: "order of the metric, from 1". */
  readonly meaning: string;
  /** What it takes where the value is refused: "a number of at least 1". Absent: any finite number. */
  readonly takes?: string;
  readonly accepts?: (value: number) => boolean;
}

/** A distance between two measures, as `attar measure` lists it. */
export interface Discrepancy {
  /** Lower case with hyphens, e.g. "mmd-laplacian". */
  readonly name: string;
  readonly title: string;
  /** Formula in the paper's notation. */
  readonly formula: string;
  /** Section and equation of the paper. */
  readonly reference: string;
  /** Whether labels enter, so that permuting them changes the value. */
  readonly labelAware: boolean;
  /** Whether it compares one class with one class; absent, exactly those that ignore labels do. */
  readonly classWise?: boolean;
  /** Whether it reads images ([n, C, H, W]) only, as networks with convolutions do; else flat points are enough. */
  readonly needsImages: boolean;
  readonly settings: Readonly<Record<string, Setting>>;
  /**
   * The distance between two non-empty measures of one point shape.
   *
   * @throws AttarError (exit code 2) for input it cannot compare.
   */
  measure(a: EmpiricalMeasure, b: EmpiricalMeasure, context: MeasureContext): Promise<Estimate>;
}
