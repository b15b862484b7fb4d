/** The state that an inner optimizer carries from step to step; everything in it is differentiated. */
export interface InnerState {
  /** Steps taken. */
  readonly step: number;
  /** θ as one vector. */
  readonly theta: Float32Array;
  /** SGD with momentum: [velocity]. Adam: [first moment, second moment]. Plain SGD: none. */
  readonly moments: readonly Float32Array[];
}

/** The cotangent of a state: derivative of some value with respect to θ and to each moment. */
export interface StateCotangent {
  readonly theta: Float32Array;
  readonly moments: readonly Float32Array[];
}

/**
 * The rest of one step's transposed derivative when the update rule is taken out: the loss gradient g(θ, S) enters the
 * step with the cotangent `scale` · `direction`, so the caller adds `scale` · ∂⟨g, direction⟩ to what θ and S get.
 */
export interface UpdatePullback {
  readonly direction: Float32Array;
  readonly scale: number;
  /** Cotangents of the state before the step without the path through g. */
  readonly before: StateCotangent;
  /** Derivative with respect to the learning rate, given ⟨g, direction⟩. */
  rate(along: number): number;
}

/**
 * An update rule together with its transposed derivative. Both are elementwise: they run here in float64, rounded to float32
 * where a state keeps them, while losses and their derivatives run compiled.
 */
export interface InnerOptimizer {
  readonly name: "sgd" | "adam";
  /** State before the first step; shares `theta`. */
  start(theta: Float32Array): InnerState;
  /** One step from the gradient of the loss. */
  advance(state: InnerState, gradient: Float32Array, rate: number): InnerState;
  /** Transposes the derivative of `advance` at the step from `before` to `after`. */
  pullback(before: InnerState, after: InnerState, rate: number, cotangent: StateCotangent): UpdatePullback;
}
