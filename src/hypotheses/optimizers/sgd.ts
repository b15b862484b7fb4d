import type { Array as Traced } from "@jax-js/jax";
import type { HostOptimizer } from "./hostOptimizer.ts";
import type { InnerOptimizer } from "./innerOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";
import { overTensors, zerosLike } from "./overTensors.ts";

export interface SgdOptions {
  /** 0.9. */
  readonly momentum?: number;
  /** Added to the gradient as weightDecay · θ; 5e-4. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, in PyTorch's form: g ← g + weightDecay · θ; v ← momentum · v + g; θ ← θ − rate · v.
 */
export function sgd({ momentum = 0.9, weightDecay = 5e-4 }: SgdOptions = {}): Optimizer {
  const decayed = (p: Traced, g: Traced) => (weightDecay === 0 ? g : g.add(p.ref.mul(weightDecay)));
  const plain: Optimizer = {
    name: "sgd",
    init: () => ({}),
    update(params, gradient, _state, rate) {
      const [moved] = overTensors([params, gradient], (p, g) => {
        const total = decayed(p, g);
        return [p.sub(total.mul(rate.ref))] as const;
      });
      rate.dispose();
      return { params: moved, state: {} };
    },
  };
  if (momentum === 0) return plain;
  return {
    name: "sgd",
    init: (params) => ({ velocity: zerosLike(params) }),
    update(params, gradient, state, rate) {
      const [moved, velocity] = overTensors([params, gradient, state.velocity!], (p, g, v) => {
        const next = v.mul(momentum).add(decayed(p, g));
        return [p.sub(next.ref.mul(rate.ref)), next] as const;
      });
      rate.dispose();
      return { params: moved, state: { velocity } };
    },
  };
}

/** SGD on the host, without weight decay: v ← momentum · v + g; x ← x − rate · v. */
export function hostSgd({ momentum = 0.9 }: Pick<SgdOptions, "momentum"> = {}): HostOptimizer {
  return {
    keeps: ["velocity"],
    step(x, [v], gradient, { rate, stretches }) {
      for (const { from, to, at } of stretches)
        for (let i = from; i < to; i++) {
          v![i] = momentum * v![i]! + gradient[at + i - from]!;
          x[i] = x[i]! - rate * v![i]!;
        }
    },
  };
}

/**
 * As many steps of {@link hostSgd} without a gradient as `turns` says, at once, for elements `from` to `to`: the velocity v carries
 * x on by μ + μ² + … + μ^turns of it.
 */
export function coast(
  x: Float32Array,
  v: Float32Array,
  { from, to }: { readonly from: number; readonly to: number },
  { momentum, rate, turns }: { readonly momentum: number; readonly rate: number; readonly turns: number },
): void {
  const power = momentum ** turns;
  const sum = momentum === 1 ? turns : (momentum * (1 - power)) / (1 - momentum);
  for (let i = from; i < to; i++) {
    x[i] = x[i]! - rate * sum * v[i]!;
    v[i] = v[i]! * power;
  }
}

/**
 * SGD as an inner optimizer: v ← μv + g + λθ; θ ← θ − ηv. Plain by default: momentum and weight decay are 0, as in the inner
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
      let decay = 0;
      if (weightDecay > 0)
        for (let i = 0; i < kept.length; i++) {
          decay += kept[i]! * theta[i]!;
          kept[i] = kept[i]! * (1 - rate * weightDecay);
        }
      // The direction leaves the rate out, so that ⟨g, direction⟩ is the rate's derivative even where the rate is 0.
      return {
        direction: cotangent.theta,
        scale: -rate,
        before: { theta: kept, moments: [] },
        rate: (along) => -along - weightDecay * decay,
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
