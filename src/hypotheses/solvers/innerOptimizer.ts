import { type AdamOptions, adamDefaults } from "../optimizers/adam.ts";
import type { SgdOptions } from "../optimizers/sgd.ts";
import { dot } from "./parameterVector.ts";

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

/**
 * SGD, in PyTorch's form: v ← μv + g + λθ; θ ← θ − ηv. Plain by default: momentum and weight decay are 0, as in the inner
 * problems of BPTT (Wang et al. 2018) and MTT (Cazenavette et al. 2022).
 */
export function innerSgd({ momentum = 0, weightDecay = 0 }: SgdOptions = {}): InnerOptimizer {
  return momentum === 0 ? plainSgd(weightDecay) : momentumSgd(momentum, weightDecay);
}

function plainSgd(weightDecay: number): InnerOptimizer {
  return {
    name: "sgd",
    start: (theta) => ({ step: 0, theta, moments: [] }),
    advance({ step, theta }, gradient, rate) {
      const moved = new Float32Array(theta.length);
      const kept = 1 - rate * weightDecay;
      for (let i = 0; i < moved.length; i++) moved[i] = kept * theta[i]! - rate * gradient[i]!;
      return { step: step + 1, theta: moved, moments: [] };
    },
    pullback({ theta }, _after, rate, cotangent) {
      const kept = cotangent.theta.slice();
      if (weightDecay > 0) for (let i = 0; i < kept.length; i++) kept[i] = kept[i]! * (1 - rate * weightDecay);
      // The direction leaves the rate out, so that ⟨g, direction⟩ is the rate's derivative even where the rate is 0.
      return {
        direction: cotangent.theta,
        scale: -rate,
        before: { theta: kept, moments: [] },
        rate: (along) => -along - (weightDecay > 0 ? weightDecay * dot(cotangent.theta, theta) : 0),
      };
    },
  };
}

function momentumSgd(momentum: number, weightDecay: number): InnerOptimizer {
  return {
    name: "sgd",
    start: (theta) => ({ step: 0, theta, moments: [new Float32Array(theta.length)] }),
    advance({ step, theta, moments }, gradient, rate) {
      const moved = new Float32Array(theta.length);
      const velocity = new Float32Array(theta.length);
      for (let i = 0; i < moved.length; i++) {
        const v = momentum * moments[0]![i]! + gradient[i]! + weightDecay * theta[i]!;
        velocity[i] = v;
        moved[i] = theta[i]! - rate * v;
      }
      return { step: step + 1, theta: moved, moments: [velocity] };
    },
    pullback({ theta }, after, rate, cotangent) {
      const direction = new Float32Array(theta.length);
      const kept = new Float32Array(theta.length);
      const velocity = new Float32Array(theta.length);
      let along = 0;
      for (let i = 0; i < theta.length; i++) {
        const c = cotangent.theta[i]!;
        const v = cotangent.moments[0]![i]! - rate * c;
        direction[i] = v;
        velocity[i] = momentum * v;
        kept[i] = c + weightDecay * v;
        along -= c * after.moments[0]![i]!;
      }
      return { direction, scale: 1, before: { theta: kept, moments: [velocity] }, rate: () => along };
    },
  };
}

export interface InnerAdamOptions extends AdamOptions {
  /**
   * Added under the root: the derivative of √v has no bound near 0, and one parameter whose gradient is almost 0 would
   * swamp the rest. 0 gives Adam itself; 1e-12 changes steps by less than float32 shows and bounds the derivative.
   */
  readonly underRoot?: number;
}

/**
 * Adam: m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η · m/c₁ / (√(v/c₂ + underRoot) + ε), cᵢ = 1 − βᵢᵗ; weight decay is
 * added to g.
 */
export function innerAdam(options: InnerAdamOptions = {}): InnerOptimizer {
  const { beta1, beta2, epsilon, weightDecay = 0, underRoot = 1e-12 } = { ...adamDefaults, ...options };
  return {
    name: "adam",
    start: (theta) => ({
      step: 0,
      theta,
      moments: [new Float32Array(theta.length), new Float32Array(theta.length)],
    }),
    advance({ step, theta, moments }, gradient, rate) {
      const [c1, c2] = [1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)];
      const moved = new Float32Array(theta.length);
      const first = new Float32Array(theta.length);
      const second = new Float32Array(theta.length);
      for (let i = 0; i < moved.length; i++) {
        const g = gradient[i]! + weightDecay * theta[i]!;
        const m = beta1 * moments[0]![i]! + (1 - beta1) * g;
        const v = beta2 * moments[1]![i]! + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        moved[i] = theta[i]! - (rate * (m / c1)) / (Math.sqrt(v / c2 + underRoot) + epsilon);
      }
      return { step: step + 1, theta: moved, moments: [first, second] };
    },
    pullback({ step, theta, moments }, after, rate, cotangent) {
      const [c1, c2] = [1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)];
      const direction = new Float32Array(theta.length);
      const kept = new Float32Array(theta.length);
      const [first, second] = [new Float32Array(theta.length), new Float32Array(theta.length)];
      let along = 0;
      for (let i = 0; i < theta.length; i++) {
        const c = cotangent.theta[i]!;
        // The gradient of this step, recovered rather than kept, and the moments from it again: in the first steps the two
        // paths of g all but cancel, which rounded moments would not let them.
        const g = (after.moments[0]![i]! - beta1 * moments[0]![i]!) / (1 - beta1);
        const m = beta1 * moments[0]![i]! + (1 - beta1) * g;
        const root = Math.sqrt((beta2 * moments[1]![i]! + (1 - beta2) * g * g) / c2 + underRoot);
        const denominator = root + epsilon;
        along -= (c * m) / c1 / denominator;
        const dm = cotangent.moments[0]![i]! - (rate * c) / (c1 * denominator);
        // Where root is 0, so are v, m and g, and the second moment has no influence.
        const slope = root === 0 ? 0 : (rate * c * m) / (c1 * denominator * denominator) / (2 * root * c2);
        const dv = cotangent.moments[1]![i]! + slope;
        const dg = (1 - beta1) * dm + 2 * (1 - beta2) * g * dv;
        direction[i] = dg;
        first[i] = beta1 * dm;
        second[i] = beta2 * dv;
        kept[i] = c + weightDecay * dg;
      }
      return { direction, scale: 1, before: { theta: kept, moments: [first, second] }, rate: () => along };
    },
  };
}
