import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";
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
export const adamDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

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
