import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";
import type { HostOptimizer } from "./hostOptimizer.ts";
import type { InnerOptimizer } from "./innerOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";
import { overTensors, zerosLike } from "./overTensors.ts";

export interface AdamOptions {
  /** Decay of the mean of gradients; 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; 0.999. */
  readonly beta2?: number;
  /** Added to the denominator; 1e-8. */
  readonly epsilon?: number;
  /** 0 for Adam, 0.01 for AdamW. */
  readonly weightDecay?: number;
}

/** The authors' decays and ε, which every face of the rule starts from. */
const adamDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Adam (Kingma and Ba 2015): m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − rate · (m/c₁) / (√(v/c₂) + ε) with the bias
 * corrections cᵢ = 1 − βᵢᵗ. Weight decay is added to the gradient.
 */
export function adam({ weightDecay = 0, ...options }: AdamOptions = {}): Optimizer {
  return adaptive("adam", options, (p, g) => [p, weightDecay === 0 ? g : g.add(p.ref.mul(weightDecay))]);
}

/** AdamW (Loshchilov and Hutter 2019): Adam whose weight decay shrinks θ by rate · weightDecay instead. */
export function adamw({ weightDecay = 0.01, ...options }: AdamOptions = {}): Optimizer {
  return adaptive("adamw", options, (p, g, rate) => [p.mul(rate.mul(-weightDecay).add(1)), g]);
}

function adaptive(
  name: string,
  options: AdamOptions,
  /** Applies weight decay to parameter and gradient. Consumes all three. */
  decayed: (p: Traced, g: Traced, rate: Traced) => [Traced, Traced],
): Optimizer {
  const { beta1, beta2, epsilon } = { ...adamDefaults, ...options };
  return {
    name,
    init: (params) => ({
      first: zerosLike(params),
      second: zerosLike(params),
      // c ← βc + (1−β) equals 1 − βᵗ without its cancellation in float32.
      correction: { adam: { first: tensor(0), second: tensor(0) } },
    }),
    update(params, gradient, state, rate) {
      const { first, second } = state.correction!.adam!;
      const c1 = first!.mul(beta1).add(1 - beta1);
      const c2 = second!.mul(beta2).add(1 - beta2);
      const scaledRate = rate.ref.div(c1.ref);
      const root = np.sqrt(c2.ref);
      const [moved, m, v] = overTensors([params, gradient, state.first!, state.second!], (p, g, m, v) => {
        const [kept, total] = decayed(p, g, rate.ref);
        const mean = m.mul(beta1).add(total.ref.mul(1 - beta1));
        const square = v.mul(beta2).add(np.square(total).mul(1 - beta2));
        const denominator = np.sqrt(square.ref).div(root.ref).add(epsilon);
        return [kept.sub(mean.ref.mul(scaledRate.ref).div(denominator)), mean, square] as const;
      });
      for (const spent of [rate, scaledRate, root]) spent.dispose();
      const correction: TracedParams = { adam: { first: c1, second: c2 } };
      return { params: moved, state: { first: m, second: v, correction } };
    },
  };
}

export type HostAdamOptions = Omit<AdamOptions, "weightDecay">;

/** The parts in which the relatives of Adam differ from it on the host. */
export interface AdaptiveParts {
  /** The number whose squares are averaged, of a gradient and the mean after it. */
  readonly deviation: (gradient: number, mean: number) => number;
  /** Factor of a variable's step, of its values and the step. */
  readonly trust: (x: Float32Array, step: Float64Array) => number;
}

/** Adam on the host, without weight decay. */
export const hostAdam = (options: HostAdamOptions = {}): HostOptimizer =>
  hostAdaptive({ ...adamDefaults, ...options }, { deviation: (gradient) => gradient, trust: () => 1 });

/** Bias-corrected means of gradients and of squares on the host: the step is the one over the root of the other plus ε. */
export function hostAdaptive(
  { beta1, beta2, epsilon }: Required<HostAdamOptions>,
  { deviation, trust }: AdaptiveParts,
): HostOptimizer {
  return {
    keeps: ["first", "second"],
    step(x, [m, s], gradient, { rate, taken, stretches }) {
      const [c1, c2] = [1 / (1 - beta1 ** (taken + 1)), 1 / (1 - beta2 ** (taken + 1))];
      const step = new Float64Array(x.length);
      for (const { from, to, at } of stretches)
        for (let i = from; i < to; i++) {
          const g = gradient[at + i - from]!;
          m![i] = beta1 * m![i]! + (1 - beta1) * g;
          const away = deviation(g, m![i]!);
          s![i] = beta2 * s![i]! + (1 - beta2) * (away * away);
          step[i] = (m![i]! * c1) / (Math.sqrt(s![i]! * c2) + epsilon);
        }
      const share = trust(x, step);
      for (let i = 0; i < x.length; i++) x[i] = x[i]! - rate * share * step[i]!;
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
 * Adam as an inner optimizer: m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η · m/c₁ / (√(v/c₂ + underRoot) + ε), cᵢ = 1 − βᵢᵗ; weight decay is
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
