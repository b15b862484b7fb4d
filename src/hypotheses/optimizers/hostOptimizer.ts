/** Elements `from` to `to` of a variable that have a gradient, which begins at `at` of the gradient's array. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** The circumstances of a step on the host. */
export interface HostStep {
  readonly rate: number;
  /** Steps taken before this one. */
  readonly taken: number;
  /** The elements that move; the others keep their values and moments. */
  readonly stretches: readonly Stretch[];
}

/**
 * The face of an update rule for variables that live on the host, as S does: it runs in float64 and rounds to float32 where a value
 * or a moment is kept.
 */
export interface HostOptimizer {
  /** The names of the arrays that it keeps of a variable, zeros before the first step. */
  readonly keeps: readonly string[];
  /** One step: changes the values `x` and the arrays kept of them in place. */
  step(x: Float32Array, kept: readonly Float32Array[], gradient: Float32Array, step: HostStep): void;
}
